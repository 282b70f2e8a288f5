#include "views/models/run_table_model.h"

#include <QPointF>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

#include "core/util/clock.h"
#include "views/models/format.h"
#include "views/models/run_state.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

QStringList tagsOf(const RunRow& run) {
    QStringList tags;
    for (const std::string& tag : run.tags) tags << toQString(tag);
    return tags;
}

QVariant progressOf(const RunRow& run) {
    if (run.totalSteps <= 0) return {};
    return std::clamp(static_cast<double>(run.step) / static_cast<double>(run.totalSteps), 0.0, 1.0);
}

bool isNumber(int column) {
    return column >= RunTableModel::FixedColumns || column == RunTableModel::Step ||
           column == RunTableModel::Duration;
}

QString stepText(const RunRow& run) {
    if (run.totalSteps <= 0) return QString::number(run.step);
    return QStringLiteral("%1 / %2").arg(run.step).arg(run.totalSteps);
}

bool sameShown(const RunRow& a, const RunRow& b) {
    return a.name == b.name && a.state == b.state && a.recipe == b.recipe && a.study == b.study &&
           a.backend == b.backend && a.host == b.host && a.error == b.error && a.notes == b.notes &&
           a.tags == b.tags && a.created == b.created && a.started == b.started && a.ended == b.ended &&
           a.step == b.step && a.totalSteps == b.totalSteps && a.attempts == b.attempts &&
           a.archived == b.archived && a.activity == b.activity && a.secondsLeft == b.secondsLeft &&
           a.latest == b.latest && a.alarms == b.alarms && a.config == b.config && a.directory == b.directory;
}

}  // namespace

RunTableModel::RunTableModel(QObject* parent) : QAbstractTableModel(parent) {}

int RunTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_runs.size());
}

int RunTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : FixedColumns + static_cast<int>(m_metrics.size());
}

int RunTableModel::rowOf(RowId id) const {
    return m_rows.value(id, -1);
}

const RunRow* RunTableModel::run(RowId id) const {
    const int row = rowOf(id);
    return row < 0 ? nullptr : &at(row);
}

void RunTableModel::reindexFrom(int row) {
    for (int i = row; i < static_cast<int>(m_runs.size()); ++i) m_rows[at(i).id] = i;
}

void RunTableModel::setRuns(std::vector<RunRow> runs) {
    std::set<RowId> wanted;
    for (const RunRow& run : runs) wanted.insert(run.id);
    // From the back, in contiguous blocks: indices before a block stay valid, and views are told once a
    // block.
    for (int last = static_cast<int>(m_runs.size()) - 1; last >= 0;) {
        if (wanted.contains(at(last).id)) {
            --last;
            continue;
        }
        int first = last;
        while (first > 0 && !wanted.contains(at(first - 1).id)) --first;
        beginRemoveRows({}, first, last);
        for (int row = first; row <= last; ++row) {
            m_rows.remove(at(row).id);
            m_trends.remove(at(row).id);
            m_searchTexts.remove(at(row).id);
        }
        m_runs.erase(m_runs.begin() + first, m_runs.begin() + last + 1);
        reindexFrom(first);
        endRemoveRows();
        last = first - 1;
    }
    std::vector<RunRow> added;
    for (RunRow& run : runs) {
        const int row = rowOf(run.id);
        if (row >= 0) {
            replaceRow(row, std::move(run));
        } else {
            added.push_back(std::move(run));
        }
    }
    if (added.empty()) return;
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(added.size()) - 1);
    std::move(added.begin(), added.end(), std::back_inserter(m_runs));
    reindexFrom(first);
    endInsertRows();
}

void RunTableModel::updateRun(RunRow run) {
    const int row = rowOf(run.id);
    if (row >= 0) return replaceRow(row, std::move(run));
    const int last = rowCount();
    beginInsertRows({}, last, last);
    m_runs.push_back(std::move(run));
    reindexFrom(last);
    endInsertRows();
}

void RunTableModel::replaceRow(int row, RunRow run) {
    RunRow& current = m_runs[static_cast<std::size_t>(row)];
    if (sameShown(current, run)) return;
    std::swap(current, run);  // `run` is now the row as it was
    m_searchTexts.remove(current.id);
    // One signal for the range that spans the changed columns: views repaint, and proxies re-sort, only
    // those.
    const int archivedChange = current.archived != run.archived ? 0 : -1;
    int first = columnCount(), last = -1;
    for (int column = 0; column < columnCount(); ++column) {
        const bool changed =
            column == archivedChange || text(current, column) != text(run, column) ||
            sortKey(current, column) != sortKey(run, column) ||
            (column == State && (current.step != run.step || current.activity != run.activity));
        if (!changed) continue;
        first = std::min(first, column);
        last = column;
    }
    if (last >= 0) Q_EMIT dataChanged(index(row, first), index(row, last));
}

void RunTableModel::tick() {
    for (int row = 0; row < rowCount(); ++row) {
        if (at(row).state != "running" && at(row).state != "paused") continue;
        Q_EMIT dataChanged(index(row, Duration), index(row, Duration), {Qt::DisplayRole, SortRole});
    }
}

void RunTableModel::setTrend(RowId run, QList<QPointF> points) {
    m_trends[run] = std::move(points);
    const int row = rowOf(run);
    if (row >= 0) Q_EMIT dataChanged(index(row, Trend), index(row, Trend), {TrendRole});
}

void RunTableModel::setMetrics(const QStringList& names) {
    for (int i = static_cast<int>(m_metrics.size()) - 1; i >= 0; --i) {
        if (names.contains(m_metrics[i])) continue;
        beginRemoveColumns({}, FixedColumns + i, FixedColumns + i);
        m_metrics.removeAt(i);
        endRemoveColumns();
    }
    for (const QString& name : names) {
        if (m_metrics.contains(name)) continue;
        const int column = columnCount();
        beginInsertColumns({}, column, column);
        m_metrics << name;
        endInsertColumns();
    }
}

QStringList RunTableModel::knownMetrics() const {
    std::set<std::string> names;
    for (const RunRow& run : m_runs) {
        for (const auto& [name, value] : run.latest) names.insert(name);
    }
    QStringList result;
    for (const std::string& name : names) result << toQString(name);
    return result;
}

QStringList RunTableModel::defaultMetrics() const {
    const QStringList known = knownMetrics();
    QStringList result;
    for (const QString& name : {QStringLiteral("loss"), QStringLiteral("train/loss"),
                                QStringLiteral("reward"), QStringLiteral("train/reward")}) {
        if (known.contains(name)) result << name;
    }
    for (const QString& name : known) {
        const bool heldOut = name.startsWith(QLatin1String("eval"));
        if (heldOut && name.endsWith(QLatin1String("accuracy")) &&
            !name.endsWith(QLatin1String("step_accuracy"))) {
            result << name;
        }
    }
    if (known.contains(QStringLiteral("completions/mean_length")))
        result << QStringLiteral("completions/mean_length");
    return result;
}

QString RunTableModel::columnKey(int column) const {
    static const char* const keys[FixedColumns] = {"name",  "state",   "recipe",   "step",    "trend", "tags",
                                                   "notes", "created", "duration", "backend", "id"};
    if (column < FixedColumns) return QString::fromLatin1(keys[column]);
    return QStringLiteral("metric:") + m_metrics.value(column - FixedColumns);
}

QVariant RunTableModel::text(const RunRow& run, int column) const {
    switch (column) {
        case Name:
            return toQString(run.name);
        case State:
            return run.state == "created" && !run.activity.empty() ? toQString(run.activity)
                                                                   : runStateText(run);
        case Recipe:
            return toQString(run.recipe);
        case Step:
            return stepText(run);
        case Trend:
            return {};
        case Tags:
            return tagsOf(run).join(QStringLiteral(", "));
        case Notes:
            return toQString(run.notes).section(QLatin1Char('\n'), 0, 0);
        case Created:
            return formatTime(runDate(run));
        case Duration: {
            const auto seconds = runDuration(run, unixTime());
            return seconds ? formatDuration(*seconds) : QString();
        }
        case BackendColumn:
            return toQString(run.backend);
        case Uuid:
            return toQString(run.uuid).left(8);
        default:
            break;
    }
    const auto found = run.latest.find(m_metrics.value(column - FixedColumns).toStdString());
    return found == run.latest.end() ? QVariant() : QVariant(formatNumber(found->second));
}

QVariant RunTableModel::sortKey(const RunRow& run, int column) const {
    switch (column) {
        case State: {  // what needs attention first: running, paused, created, failed …
            static const std::vector<std::string> order = {"running", "paused",  "created", "failed",
                                                           "lost",    "stopped", "finished"};
            return static_cast<int>(std::find(order.begin(), order.end(), run.state) - order.begin());
        }
        case Step:
            return static_cast<qlonglong>(run.step);
        case Created:
            return runDate(run);
        case Duration: {
            // While it runs, by its start: the order then needs no tick to stay right.
            const auto seconds = runDuration(run, unixTime());
            return seconds ? QVariant(*seconds) : QVariant();
        }
        case Trend:
            return static_cast<qlonglong>(run.id);
        case Uuid:
            return toQString(run.uuid);
        default:
            break;
    }
    if (column < FixedColumns) return text(run, column).toString().toLower();
    const auto found = run.latest.find(m_metrics.value(column - FixedColumns).toStdString());
    // NaN sorts with the missing values: it has no place in an order.
    if (found == run.latest.end() || std::isnan(found->second)) return {};
    return found->second;
}

QString RunTableModel::toolTip(const RunRow& run, int column) const {
    switch (column) {
        case Name:
            return toQString(run.directory);
        case State: {
            QStringList lines{runStateText(run)};
            if (isActive(run) && !run.activity.empty()) lines << toQString(run.activity);
            if (run.secondsLeft && run.state == "running")
                lines << tr("%1 left").arg(formatDuration(*run.secondsLeft));
            if (!run.error.empty()) lines << toQString(run.error);
            if (run.alarms > 0) lines << tr("%n alarm(s)", nullptr, static_cast<int>(run.alarms));
            return lines.join(QLatin1Char('\n'));
        }
        case Notes:
            return toQString(run.notes);
        case Uuid:
            return toQString(run.uuid);
        default:
            return text(run, column).toString();
    }
}

QVariant RunTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
    const RunRow& run = at(index.row());
    const int column = index.column();
    switch (role) {
        case Qt::DisplayRole:
            return text(run, column);
        case Qt::ToolTipRole:
            return toolTip(run, column);
        case Qt::AccessibleTextRole:
            return column == State ? runStateText(run) + QStringLiteral(", ") + stepText(run)
                                   : text(run, column);
        case Qt::TextAlignmentRole: {
            return QVariant::fromValue(
                Qt::Alignment(Qt::AlignVCenter | (isNumber(column) ? Qt::AlignRight : Qt::AlignLeft)));
        }
        case StateColorRole:
            return runStateColor(run);
        case SortRole:
            return sortKey(run, column);
        case IdRole:
            return static_cast<qlonglong>(run.id);
        case StateRole:
            return toQString(run.state);
        case ProgressRole:
            return progressOf(run);
        case ActiveRole:
            return isActive(run);
        case ArchivedRole:
            return run.archived;
        case TagsRole:
            return tagsOf(run);
        case TrendRole:
            return QVariant::fromValue(m_trends.value(run.id));
        case SearchRole: {
            QString& known = m_searchTexts[run.id];
            if (known.isNull()) {
                known = QStringList{toQString(run.name),   tagsOf(run).join(QLatin1Char(' ')),
                                    toQString(run.recipe), toQString(run.notes),
                                    toQString(run.study),  toQString(run.state),
                                    runStateText(run),     toQString(run.uuid)}
                            .join(QLatin1Char('\n'))
                            .toLower();
            }
            return known;
        }
        default:
            return {};
    }
}

QVariant RunTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    if (role == Qt::TextAlignmentRole) {
        const bool isRight = isNumber(section);
        return QVariant::fromValue(
            Qt::Alignment((isRight ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter));
    }
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    if (section >= FixedColumns) {
        const QString name = m_metrics[section - FixedColumns];
        return role == Qt::ToolTipRole ? tr("Last value of %1").arg(name) : name;
    }
    switch (section) {
        case Name:
            return tr("Name");
        case State:
            return tr("State");
        case Recipe:
            return tr("Recipe");
        case Step:
            return tr("Step");
        case Trend:
            return role == Qt::ToolTipRole ? tr("Reward, or loss, over the steps") : tr("Trend");
        case Tags:
            return tr("Tags");
        case Notes:
            return tr("Notes");
        case Created:
            return tr("Created");
        case Duration:
            return tr("Duration");
        case BackendColumn:
            return tr("Backend");
        default:
            return tr("Id");
    }
}

Qt::ItemFlags RunTableModel::flags(const QModelIndex& index) const {
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    const int column = index.column();
    if (column == Name || column == Tags || column == Notes) flags |= Qt::ItemIsEditable;
    return flags;
}

bool RunTableModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (role != Qt::EditRole || !(flags(index) & Qt::ItemIsEditable)) return false;
    const QString text = value.toString();
    if (text != data(index, Qt::EditRole).toString()) Q_EMIT edited(at(index.row()).id, index.column(), text);
    return true;
}

}  // namespace retort
