// The traces that a filter lets through, however many there are: the count is known (where counting all would
// take long: so many at least), rows are read in windows by offset as the view asks for them, filtering and
// sorting happen in the store.
#pragma once

#include <QAbstractListModel>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "core/store/rows.h"
#include "views/models/group_ticks.h"

namespace retort {

class Lab;

/// What the strip of a row draws.
struct GroupStrip {
    std::vector<GroupTick> ticks;
    RowId current = 0;
};

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
        MetaRole,
        GroupRole,  ///< GroupStrip: the rollouts of its group, once they are read
    };

    explicit TraceListModel(Lab& lab, QObject* parent = nullptr);

    /// Starts over with another filter; counted() follows.
    void setFilter(const TraceFilter& filter);
    const TraceFilter& filter() const { return m_filter; }
    /// Of what a filter lets through only these, in this order.
    void setPicked(const TraceFilter& filter, std::vector<RowId> ids);
    bool isPicked() const { return m_picked != nullptr; }
    std::vector<RowId> picked() const { return m_picked ? *m_picked : std::vector<RowId>(); }
    /// Looks for what was added since. Rows that are there keep their place where the order allows it.
    void refresh();

    /// False: there are more than counted() said ("10 000+"); they come with scrolling.
    bool isCountExact() const { return m_isExact; }

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
    void accept(const TraceCount& found, std::int64_t offset, std::vector<TraceRow> rows);
    std::int64_t totalOf(const TraceCount& found, std::int64_t offset, std::int64_t rows) const;
    void moveEnd(std::int64_t total, const TraceRow* first);
    void resize(std::int64_t total);
    void startOver(const TraceFilter& filter);

    Lab& m_lab;
    GroupTickCache* m_groups;
    TraceFilter m_filter;
    std::shared_ptr<const std::vector<RowId>> m_picked;
    quint64 m_generation = 0;  ///< answers to an older filter are dropped
    std::vector<std::unique_ptr<TraceRow>> m_rows;
    bool m_isExact = true;
    mutable std::set<std::int64_t> m_asked;  ///< offsets of windows under way
    bool m_lookAgain = false;                ///< something was added while the first window was under way
};

}  // namespace retort

Q_DECLARE_METATYPE(retort::GroupStrip)
