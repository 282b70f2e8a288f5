#include "views/models/trace_list_model.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/group_ticks.h"
#include "views/models/last_turn.h"

namespace retort {

namespace {
constexpr qint64 windowSize = 128;
// Where counting all takes too long, so many are counted; what is behind them comes with scrolling.
constexpr qint64 mostCounted = 10'000;

QString metaText(const TraceRow& row) {
    QStringList parts{TraceListModel::tr("step %1").arg(row.step)};
    if (row.reward) parts << TraceListModel::tr("reward %1").arg(formatNumber(*row.reward));
    parts << TraceListModel::tr("%n token(s)", nullptr, row.numTokens);
    if (row.stepAccuracy) parts << TraceListModel::tr("steps %1 %").arg(qRound(*row.stepAccuracy * 100));
    if (row.finish == "length") parts << TraceListModel::tr("cut off");
    if (row.phase == "eval") parts << TraceListModel::tr("evaluation");
    return parts.join(QStringLiteral(" · "));
}

QString oneLine(const std::string& text) {
    return toQString(text).simplified();
}

/// The line of a trace that is known by its id only.
TraceRow rowOfTrace(StoreReader& reader, RowId id) {
    const auto trace = reader.trace(id);
    TraceRow found;
    found.id = id;
    if (!trace) return found;
    TraceFilter like;
    like.fromStep = like.toStep = trace->step;
    like.phase = trace->phase;
    like.problemId = trace->problemId;
    like.ofGroup = trace->group;
    for (TraceRow& row : reader.traces(like, 0, windowSize))
        if (row.id == id) return std::move(row);
    return found;
}

QString promptOf(const TraceRow& row) {
    return lastTurn(toQString(row.promptHead)).simplified();
}
}  // namespace

TraceListModel::TraceListModel(Lab& lab, QObject* parent)
    : QAbstractListModel(parent), m_lab(lab), m_groups(new GroupTickCache(lab, this)) {
    connect(m_groups, &GroupTickCache::arrived, this, [this] {
        if (rowCount() > 0) Q_EMIT dataChanged(index(0), index(rowCount() - 1), {GroupRole});
    });
    // A failed read never answers: let it be asked for again.
    connect(&m_lab, &Lab::failed, this, [this] { m_asked.clear(); });
}

void TraceListModel::startOver(const TraceFilter& filter) {
    ++m_generation;
    m_isExact = true;
    beginResetModel();
    m_filter = filter;
    m_rows.clear();
    m_asked.clear();
    endResetModel();
}

void TraceListModel::setFilter(const TraceFilter& filter) {
    m_picked.reset();
    m_groups->setStale();
    startOver(filter);
    fetch(0);
}

void TraceListModel::setPicked(const TraceFilter& filter, std::vector<RowId> ids) {
    m_picked = std::make_shared<const std::vector<RowId>>(std::move(ids));
    startOver(filter);
    fetch(0);
}

void TraceListModel::refresh() {
    m_groups->setStale();
    m_lookAgain = m_asked.contains(0);
    fetch(0);
}

const TraceRow* TraceListModel::at(int row) const {
    if (row < 0 || row >= rowCount()) return nullptr;
    return m_rows[static_cast<std::size_t>(row)].get();
}

int TraceListModel::rowOf(RowId id) const {
    const auto found =
        std::find_if(m_rows.begin(), m_rows.end(), [id](const auto& row) { return row && row->id == id; });
    return found == m_rows.end() ? -1 : static_cast<int>(found - m_rows.begin());
}

int TraceListModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

void TraceListModel::requestRow(int row) const {
    fetch(row / windowSize * windowSize);
}

void TraceListModel::fetch(std::int64_t offset) const {
    if (!m_asked.insert(offset).second) return;
    struct Window {
        TraceCount count;
        std::vector<TraceRow> rows;
    };
    auto* self =
        const_cast<TraceListModel*>(this);  // a cache: what data() answers does not depend on it being filled
    m_lab.read(
        self,
        [filter = m_filter, picked = m_picked, offset](StoreReader& reader) {
            if (!picked) {  // the page first: it is what is waited for
                std::vector<TraceRow> rows = reader.traces(filter, offset, windowSize);
                return Window{reader.countTraces(filter, mostCounted), std::move(rows)};
            }
            Window window{{static_cast<std::int64_t>(picked->size()), true}, {}};
            const auto end = std::min<std::int64_t>(window.count.traces, offset + windowSize);
            for (std::int64_t i = offset; i < end; ++i)
                window.rows.push_back(rowOfTrace(reader, (*picked)[static_cast<std::size_t>(i)]));
            return window;
        },
        [self, offset, generation = m_generation](Window window) {
            if (generation != self->m_generation) return;
            self->m_asked.erase(offset);
            self->accept(window.count, offset, std::move(window.rows));
            if (offset == 0 && std::exchange(self->m_lookAgain, false)) self->fetch(0);
        });
}

void TraceListModel::resize(std::int64_t total) {
    total = std::min<std::int64_t>(total, std::numeric_limits<int>::max());
    const auto have = static_cast<std::int64_t>(m_rows.size());
    if (total < have) {  // superseded by a rewind: which ones, only a new look can tell
        beginResetModel();
        m_rows.clear();
        m_rows.resize(static_cast<std::size_t>(total));
        endResetModel();
        return;
    }
    const auto added = static_cast<int>(total - have);
    if (added == 0) return;
    const bool onTop = m_filter.order == TraceFilter::Order::Newest;
    beginInsertRows({}, onTop ? 0 : static_cast<int>(have), (onTop ? 0 : static_cast<int>(have)) + added - 1);
    std::vector<std::unique_ptr<TraceRow>> fresh(static_cast<std::size_t>(added));
    m_rows.insert(onTop ? m_rows.begin() : m_rows.end(), std::make_move_iterator(fresh.begin()),
                  std::make_move_iterator(fresh.end()));
    endInsertRows();
    const bool sorted = !onTop && m_filter.order != TraceFilter::Order::Oldest;
    if (!sorted || have == 0) return;
    // A new row may belong anywhere: what was read is read again when it is looked at.
    for (auto& row : m_rows) row.reset();
    Q_EMIT dataChanged(index(0), index(rowCount() - 1));
}

// Of a count that stopped early: what is known to be there, and one row more that asks for the next window.
std::int64_t TraceListModel::totalOf(const TraceCount& found, std::int64_t offset, std::int64_t rows) const {
    if (found.isExact) return found.traces;
    const std::int64_t end = offset + rows, have = rowCount();
    if (rows < windowSize) return end;
    return std::max({found.traces, have, end + (end >= have ? 1 : 0)});
}

// Where a count stopped early, another total is no news of the store: the end alone moves. Whether something
// was added, the first row tells.
void TraceListModel::moveEnd(std::int64_t total, const TraceRow* first) {
    total = std::min<std::int64_t>(total, std::numeric_limits<int>::max());
    if (first && !m_rows.empty() && m_rows[0] && m_rows[0]->id != first->id) {
        for (auto& row : m_rows) row.reset();
        Q_EMIT dataChanged(index(0), index(rowCount() - 1));
    }
    const int have = rowCount(), wanted = static_cast<int>(total);
    if (wanted < have) {
        beginRemoveRows({}, wanted, have - 1);
        m_rows.resize(static_cast<std::size_t>(wanted));
        endRemoveRows();
    } else if (wanted > have) {
        beginInsertRows({}, have, wanted - 1);
        m_rows.resize(static_cast<std::size_t>(wanted));
        endInsertRows();
    }
}

void TraceListModel::accept(const TraceCount& found, std::int64_t offset, std::vector<TraceRow> rows) {
    const std::int64_t total = totalOf(found, offset, std::int64_t(rows.size()));
    const bool changed = total != static_cast<std::int64_t>(m_rows.size());
    if (m_isExact && found.isExact)
        resize(total);
    else
        moveEnd(total, offset == 0 && !rows.empty() ? &rows.front() : nullptr);
    m_isExact = found.isExact || std::int64_t(rows.size()) < windowSize;
    const auto count = std::min<std::int64_t>(static_cast<std::int64_t>(rows.size()), rowCount() - offset);
    for (std::int64_t i = 0; i < count; ++i) {
        m_rows[static_cast<std::size_t>(offset + i)] =
            std::make_unique<TraceRow>(std::move(rows[static_cast<std::size_t>(i)]));
    }
    if (count > 0)
        Q_EMIT dataChanged(index(static_cast<int>(offset)), index(static_cast<int>(offset + count - 1)));
    if (changed || offset == 0) Q_EMIT counted(rowCount());
    Q_EMIT rowsLoaded();
}

QVariant TraceListModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
    const TraceRow* row = at(index.row());
    if (role == LoadedRole) return row != nullptr;
    if (!row) {
        requestRow(index.row());
        return role == Qt::DisplayRole ? QVariant(QStringLiteral("…")) : QVariant();
    }
    switch (role) {
        case Qt::DisplayRole:
            return promptOf(*row) + QLatin1Char(' ') + oneLine(row->completionHead);
        case Qt::ToolTipRole:
            return toQString(row->task) + QLatin1Char('\n') + metaText(*row);
        case Qt::AccessibleTextRole:
            return tr("%1, %2, %3")
                .arg(row->correct ? tr("correct") : tr("wrong"), metaText(*row), promptOf(*row));
        case IdRole:
            return static_cast<qlonglong>(row->id);
        case CorrectRole:
            return row->correct;
        case WorkedRole:
            return row->worked;
        case PromptRole:
            return promptOf(*row);
        case CompletionRole:
            return oneLine(row->completionHead);
        case MetaRole:
            return metaText(*row);
        case GroupRole: {
            const auto* ticks = m_groups->ticks(*row);
            return ticks && ticks->size() > 1 ? QVariant::fromValue(GroupStrip{*ticks, row->id}) : QVariant();
        }
        default:
            return {};
    }
}

}  // namespace retort
