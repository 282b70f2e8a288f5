// The traces that a filter lets through, however many there are: the count is known, rows are read in windows
// by offset as the view asks for them, filtering and sorting happen in the store.
#pragma once

#include <QAbstractListModel>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "core/store/rows.h"

namespace retort {

class Lab;

class TraceListModel : public QAbstractListModel {
    Q_OBJECT
  public:
    enum Role {
        IdRole = Qt::UserRole + 1,
        LoadedRole,
        CorrectRole,
        WorkedRole,
        PromptRole,
        CompletionRole,
        MetaRole
    };

    explicit TraceListModel(Lab& lab, QObject* parent = nullptr);

    /// Starts over with another filter; counted() follows.
    void setFilter(const TraceFilter& filter);
    const TraceFilter& filter() const { return m_filter; }
    /// Looks for what was added since. Rows that are there keep their place where the order allows it.
    void refresh();

    /// nullptr while the row is still being read.
    const TraceRow* at(int row) const;
    int rowOf(RowId id) const;  ///< among the rows that were read; -1: not there

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;

  Q_SIGNALS:
    void counted(int total);
    void rowsLoaded();

  private:
    void fetch(std::int64_t offset) const;
    void requestRow(int row) const;
    void accept(std::int64_t total, std::int64_t offset, std::vector<TraceRow> rows);
    void resize(std::int64_t total);

    Lab& m_lab;
    TraceFilter m_filter;
    quint64 m_generation = 0;  ///< answers to an older filter are dropped
    std::vector<std::unique_ptr<TraceRow>> m_rows;
    mutable std::set<std::int64_t> m_asked;  ///< offsets of windows under way
    bool m_lookAgain = false;                ///< something was added while the first window was under way
};

}  // namespace retort
