#include "views/runs/adopting/found_run_model.h"

#include <QLocale>
#include <algorithm>

#include "core/adoption/far_folder.h"
#include "core/util/clock.h"
#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

FoundRunModel::Row FoundRunModel::rowOf(FoundCandidate candidate) {
    Row row;
    row.name = toQString(candidate.known ? candidate.known->name : candidate.found.name);
    row.isChecked = candidate.isMapped && !candidate.isFollowed &&
                    (!candidate.known || candidate.facts.isLive(unixTime()));
    row.candidate = std::move(candidate);
    return row;
}

void FoundRunModel::setCandidates(std::vector<FoundCandidate> candidates) {
    beginResetModel();
    m_rows.clear();
    for (FoundCandidate& each : candidates) m_rows.push_back(rowOf(std::move(each)));
    endResetModel();
    Q_EMIT checksChanged();
}

void FoundRunModel::replaceTable(const std::filesystem::path& table, std::vector<FoundCandidate> candidates) {
    int first = 0;
    while (first < rowCount() && m_rows[std::size_t(first)].candidate.table != table) ++first;
    int end = first;
    while (end < rowCount() && m_rows[std::size_t(end)].candidate.table == table) ++end;
    const int old = end - first, fresh = static_cast<int>(candidates.size()), kept = std::min(old, fresh);
    // Rows that stay are changed, so that the view keeps its place.
    for (int i = 0; i < kept; ++i)
        m_rows[std::size_t(first + i)] = rowOf(std::move(candidates[std::size_t(i)]));
    if (kept > 0) Q_EMIT dataChanged(index(first, 0), index(first + kept - 1, ColumnCount - 1));
    if (fresh > old) {
        beginInsertRows({}, first + old, first + fresh - 1);
        for (int i = old; i < fresh; ++i)
            m_rows.insert(m_rows.begin() + first + i, rowOf(std::move(candidates[std::size_t(i)])));
        endInsertRows();
    } else if (fresh < old) {
        beginRemoveRows({}, first + fresh, end - 1);
        m_rows.erase(m_rows.begin() + first + fresh, m_rows.begin() + end);
        endRemoveRows();
    }
    Q_EMIT checksChanged();
}

const FoundCandidate* FoundRunModel::candidate(int row) const {
    return row >= 0 && row < rowCount() ? &m_rows[std::size_t(row)].candidate : nullptr;
}

QString FoundRunModel::name(int row) const {
    return m_rows[std::size_t(row)].name;
}

bool FoundRunModel::isChecked(int row) const {
    return m_rows[std::size_t(row)].isChecked;
}

bool FoundRunModel::isCheckable(int row) const {
    const FoundCandidate& each = m_rows[std::size_t(row)].candidate;
    return m_editable && each.isMapped && !each.isFollowed;
}

void FoundRunModel::setChecked(int row, bool checked) {
    if (!isCheckable(row) || isChecked(row) == checked) return;
    m_rows[std::size_t(row)].isChecked = checked;
    Q_EMIT dataChanged(index(row, Name), index(row, Name), {Qt::CheckStateRole});
    Q_EMIT checksChanged();
}

void FoundRunModel::checkAll(bool checked) {
    for (int row = 0; row < rowCount(); ++row) setChecked(row, checked);
}

std::vector<int> FoundRunModel::checkedRows() const {
    std::vector<int> rows;
    for (int row = 0; row < rowCount(); ++row)
        if (isChecked(row)) rows.push_back(row);
    return rows;
}

void FoundRunModel::setEditable(bool editable) {
    m_editable = editable;
    if (rowCount() > 0) Q_EMIT dataChanged(index(0, Name), index(rowCount() - 1, Name));
}

void FoundRunModel::setStage(int row, Stage stage, const QString& text) {
    if (row < 0 || row >= rowCount()) return;
    m_rows[std::size_t(row)].stage = stage;
    m_rows[std::size_t(row)].text = text;
    Q_EMIT dataChanged(index(row, State), index(row, State));
}

FoundRunModel::Stage FoundRunModel::stage(int row) const {
    return m_rows[std::size_t(row)].stage;
}

int FoundRunModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int FoundRunModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : int(ColumnCount);
}

QString FoundRunModel::stateOf(const Row& row) const {
    if (row.stage == Stage::Done) return QStringLiteral("✓ ") + row.text;
    if (row.stage == Stage::Failed) return QStringLiteral("✗ ") + row.text;
    if (row.stage == Stage::Reading) return row.text;
    const FoundCandidate& each = row.candidate;
    if (!each.isMapped) return tr("say what its columns are");
    QStringList parts;
    if (!each.facts.outcome.empty())
        parts << stateText(each.facts.outcome);
    else if (each.facts.isLive(unixTime()))
        parts << tr("live");
    else
        parts << tr("silent");
    if (each.isFollowed)
        parts << tr("followed already");
    else if (each.known)
        parts << tr("adopted before");
    if (!each.facts.problem.empty()) parts << tr("not all can be read");
    return parts.join(QStringLiteral(" · "));
}

QString FoundRunModel::cell(const Row& row, int column) const {
    const FoundCandidate& each = row.candidate;
    switch (column) {
        case Name:
            return row.name;
        case What:
            return each.isMapped ? toQString(each.found.summary()) : tr("table");
        case Points:
            if (!each.isMapped) return {};
            return (each.facts.isWhole ? QString() : QStringLiteral("> ")) +
                   QLocale().toString(qlonglong(each.facts.points));
        case LastStep:
            return each.isMapped ? QLocale().toString(qlonglong(each.facts.lastStep)) : QString();
        case Written:
            return each.facts.lastChange > 0 ? formatTime(each.facts.lastChange) : QString();
        case State:
            return stateOf(row);
        case Place:
            return toQString(sourceText(each.found.root));
        default:
            return {};
    }
}

QVariant FoundRunModel::data(const QModelIndex& index, int role) const {
    if (!index.isValid() || index.row() >= rowCount()) return {};
    const Row& row = m_rows[std::size_t(index.row())];
    switch (role) {
        case Qt::DisplayRole:
        case Qt::EditRole:
            return cell(row, index.column());
        case Qt::CheckStateRole:
            if (index.column() != Name || !row.candidate.isMapped) return {};
            return row.isChecked ? Qt::Checked : Qt::Unchecked;
        case Qt::TextAlignmentRole:
            if (index.column() == Points || index.column() == LastStep)
                return QVariant(Qt::AlignRight | Qt::AlignVCenter);
            return {};
        case Qt::ToolTipRole:
            if (index.column() == State && !row.candidate.facts.problem.empty() &&
                row.stage == Stage::Waiting)
                return toQString(row.candidate.facts.problem);
            return cell(row, index.column());
        case Qt::ForegroundRole:
            if (index.column() != State) return {};
            if (row.stage == Stage::Failed) return tones().bad;
            if (row.stage == Stage::Done) return tones().good;
            return {};
        default:
            return {};
    }
}

bool FoundRunModel::setData(const QModelIndex& index, const QVariant& value, int role) {
    if (!index.isValid() || index.column() != Name || !isCheckable(index.row())) return false;
    if (role == Qt::CheckStateRole) {
        setChecked(index.row(), value.toInt() == Qt::Checked);
        return true;
    }
    if (role != Qt::EditRole || value.toString().trimmed().isEmpty()) return false;
    m_rows[std::size_t(index.row())].name = value.toString().trimmed();
    Q_EMIT dataChanged(index, index, {Qt::DisplayRole, Qt::EditRole});
    return true;
}

Qt::ItemFlags FoundRunModel::flags(const QModelIndex& index) const {
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (!index.isValid() || index.column() != Name || !isCheckable(index.row())) return flags;
    return flags | Qt::ItemIsUserCheckable | Qt::ItemIsEditable;
}

QVariant FoundRunModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole) return {};
    switch (section) {
        case Name:
            return tr("Name");
        case What:
            return tr("What");
        case Points:
            return tr("Points");
        case LastStep:
            return tr("Last step");
        case Written:
            return tr("Written");
        case State:
            return tr("State");
        case Place:
            return tr("Where");
        default:
            return {};
    }
}

}  // namespace retort
