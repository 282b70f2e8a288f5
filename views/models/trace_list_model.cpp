#include "views/models/trace_list_model.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "views/lab.h"
#include "views/models/format.h"
#include "views/models/last_turn.h"

namespace retort {

namespace {
constexpr qint64 windowSize = 128;

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

QString promptOf(const TraceRow& row) {
    return lastTurn(toQString(row.promptHead)).simplified();
}
}  // namespace

TraceListModel::TraceListModel(Lab& lab, QObject* parent) : QAbstractListModel(parent), m_lab(lab) {
    // A failed read never answers: let it be asked for again.
    connect(&m_lab, &Lab::failed, this, [this] { m_asked.clear(); });
}

void TraceListModel::setFilter(const TraceFilter& filter) {
    ++m_generation;
    beginResetModel();
    m_filter = filter;
    m_rows.clear();
    m_asked.clear();
    endResetModel();
    fetch(0);
}

void TraceListModel::refresh() {
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
        std::int64_t total = 0;
        std::vector<TraceRow> rows;
    };
    auto* self =
        const_cast<TraceListModel*>(this);  // a cache: what data() answers does not depend on it being filled
    m_lab.read(
        self,
        [filter = m_filter, offset](StoreReader& reader) {
            return Window{reader.countTraces(filter), reader.traces(filter, offset, windowSize)};
        },
        [self, offset, generation = m_generation](Window window) {
            if (generation != self->m_generation) return;
            self->m_asked.erase(offset);
            self->accept(window.total, offset, std::move(window.rows));
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

void TraceListModel::accept(std::int64_t total, std::int64_t offset, std::vector<TraceRow> rows) {
    const bool changed = total != static_cast<std::int64_t>(m_rows.size());
    resize(total);
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
        default:
            return {};
    }
}

}  // namespace retort
