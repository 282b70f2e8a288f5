#include "views/models/comparison_item_model.h"

#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

void ComparisonItemModel::setComparison(std::shared_ptr<const Comparison> comparison) {
    beginResetModel();
    m_comparison = std::move(comparison);
    m_filter.items.reset();
    m_filter.cell.reset();
    refilter();
    endResetModel();
}

void ComparisonItemModel::setFilter(const Filter& filter) {
    beginResetModel();
    m_filter = filter;
    refilter();
    endResetModel();
}

bool ComparisonItemModel::accepts(std::size_t item) const {
    if (m_filter.cell && flipOf(*m_comparison, m_filter.first, m_filter.second, item) != *m_filter.cell)
        return false;
    return m_filter.text.isEmpty() ||
           toQString(m_comparison->problems[item]).contains(m_filter.text, Qt::CaseInsensitive) ||
           toQString(m_comparison->setOf(item).name).contains(m_filter.text, Qt::CaseInsensitive);
}

void ComparisonItemModel::refilter() {
    m_items.clear();
    if (!m_comparison) return;
    const std::size_t count = m_filter.items ? m_filter.items->size() : m_comparison->items();
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t item = m_filter.items ? (*m_filter.items)[i] : i;
        if (item < m_comparison->items() && accepts(item))
            m_items.push_back(static_cast<std::uint32_t>(item));
    }
}

std::int64_t ComparisonItemModel::itemAt(int row) const {
    return row < 0 || row >= rowCount() ? -1 : std::int64_t(m_items[static_cast<std::size_t>(row)]);
}

int ComparisonItemModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_items.size());
}

int ComparisonItemModel::columnCount(const QModelIndex& parent) const {
    if (parent.isValid() || !m_comparison) return 0;
    return FirstCheckpoint + static_cast<int>(m_comparison->checkpoints.size());
}

QVariant ComparisonItemModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
    const std::size_t item = m_items[static_cast<std::size_t>(index.row())];
    if (index.column() < FirstCheckpoint) {
        const bool wanted = role == Qt::DisplayRole || role == Qt::ToolTipRole || role == ExactRole;
        if (!wanted) return {};
        return toQString(index.column() == Problem ? m_comparison->problems[item]
                                                   : m_comparison->setOf(item).name);
    }
    const ItemResult& result =
        m_comparison->results[static_cast<std::size_t>(index.column() - FirstCheckpoint)][item];
    const bool solved = isSolved(result);
    switch (role) {
        case Qt::DisplayRole:
            if (result.samples == 1) return solved ? QStringLiteral("✓") : QStringLiteral("✗");
            return QStringLiteral("%1/%2").arg(result.correct).arg(result.samples);
        case Qt::ToolTipRole:
        case Qt::AccessibleTextRole:
            return tr("%1 of %2 right, %3 tokens")
                .arg(result.correct)
                .arg(result.samples)
                .arg(formatNumber(double(result.meanTokens)));
        case Qt::TextAlignmentRole:
            return int(Qt::AlignCenter);
        case Qt::ForegroundRole:
            return solved ? tones().good : tones().bad;
        case ExactRole:
            return result.mean();
        default:
            return {};
    }
}

QVariant ComparisonItemModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) return {};
    if (section == Problem) return tr("Problem");
    if (section == Task) return tr("Task");
    return toQString(m_comparison->checkpoints[static_cast<std::size_t>(section - FirstCheckpoint)].name);
}

}  // namespace retort
