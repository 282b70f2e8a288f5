// The runs of other programs that were found in a folder, with a mark at those that are to be adopted.
#pragma once

#include <QAbstractTableModel>
#include <optional>
#include <vector>

#include "core/adoption/found_facts.h"
#include "core/store/rows.h"

namespace retort {

/// A run that was found, or a table of which nobody knows yet what its columns mean.
struct FoundCandidate {
    FoundRun found;
    ColumnMapping mapping;
    FoundFacts facts;
    std::optional<RunRow> known;  ///< adopted before
    bool isFollowed = false;      ///< by this window, now
    std::filesystem::path table;  ///< its one file, where a mapping applies to it; empty: none does
    bool isMapped = true;         ///< false: the table's columns have to be said first
    bool isFar = false;           ///< only the beginnings of its files were looked at
};

class FoundRunModel : public QAbstractTableModel {
    Q_OBJECT
  public:
    enum Column { Name, What, Points, LastStep, Written, State, Place, ColumnCount };
    enum class Stage { Waiting, Reading, Done, Failed };

    using QAbstractTableModel::QAbstractTableModel;

    /// Those that are new, and live ones, are marked.
    void setCandidates(std::vector<FoundCandidate> candidates);
    const FoundCandidate* candidate(int row) const;
    /// The rows of this table, after a mapping was chosen: replaced in their place.
    void replaceTable(const std::filesystem::path& table, std::vector<FoundCandidate> candidates);

    QString name(int row) const;
    bool isChecked(int row) const;
    bool isCheckable(int row) const;
    void setChecked(int row, bool checked);
    void checkAll(bool checked);
    std::vector<int> checkedRows() const;
    /// While they are adopted, names and marks stay.
    void setEditable(bool editable);
    /// What became of it: percent and number of points, or what went wrong.
    void setStage(int row, Stage stage, const QString& text);
    Stage stage(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

  Q_SIGNALS:
    void checksChanged();

  private:
    struct Row {
        FoundCandidate candidate;
        QString name;
        bool isChecked = false;
        Stage stage = Stage::Waiting;
        QString text;
    };
    static Row rowOf(FoundCandidate candidate);
    QString cell(const Row& row, int column) const;
    QString stateOf(const Row& row) const;

    std::vector<Row> m_rows;
    bool m_editable = true;
};

}  // namespace retort
