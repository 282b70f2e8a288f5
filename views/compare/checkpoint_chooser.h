// Chooses checkpoints to compare, among everything that was evaluated.
#pragma once

#include <QDialog>
#include <vector>

#include "core/comparison/comparison.h"

class QLabel;
class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QTreeView;

namespace retort {

class ValueTableModel;

class CheckpointChooser : public QDialog {
    Q_OBJECT
  public:
    explicit CheckpointChooser(std::vector<EvaluatedCheckpoint> checkpoints, QWidget* parent = nullptr);

    /// Those that are selected, in the order of the list.
    std::vector<CheckpointRef> chosen() const;
    QTreeView* list() const { return m_list; }
    QLineEdit* search() const { return m_search; }

  private:
    void updateCount();

    std::vector<EvaluatedCheckpoint> m_checkpoints;
    ValueTableModel* m_model;
    QSortFilterProxyModel* m_filter;
    QLineEdit* m_search;
    QTreeView* m_list;
    QLabel* m_count;
    QPushButton* m_add;
};

}  // namespace retort
