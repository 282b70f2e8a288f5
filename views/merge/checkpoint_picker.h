// A dialog over every checkpoint that is on disk, to choose some of them by typing a part of the run's name.
#pragma once

#include <QAbstractTableModel>
#include <QDialog>
#include <vector>

#include "core/store/rows.h"

class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace retort {

class Lab;
class StoreReader;

struct KnownCheckpoint {
    std::string folder, run, recipe;
    std::int64_t step = 0;
    double t = 0;
    bool isLast = false;  ///< of its run
};

/// Newest first.
std::vector<KnownCheckpoint> knownCheckpoints(StoreReader& reader);

class CheckpointModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Run, Step, Recipe, Time, ColumnCount };
    static constexpr int SortRole = Qt::UserRole;

    using QAbstractTableModel::QAbstractTableModel;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    void setCheckpoints(std::vector<KnownCheckpoint> checkpoints);
    const KnownCheckpoint& at(int row) const { return m_rows[static_cast<std::size_t>(row)]; }

  private:
    std::vector<KnownCheckpoint> m_rows;
};

class CheckpointPicker : public QDialog {
    Q_OBJECT
  public:
    explicit CheckpointPicker(Lab& lab, QWidget* parent = nullptr);

    QLineEdit* search() const { return m_search; }
    QTableView* table() const { return m_table; }
    CheckpointModel* model() const { return m_model; }

  Q_SIGNALS:
    void picked(const QStringList& folders);

  private:
    void accept() override;
    void showState();

    CheckpointModel* m_model;
    QSortFilterProxyModel* m_filter;
    QLineEdit* m_search;
    QTableView* m_table;
    QPushButton* m_add;
};

}  // namespace retort
