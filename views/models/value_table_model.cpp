#include "views/models/value_table_model.h"

#include <QFont>
#include <QLocale>
#include <algorithm>
#include <cmath>

#include "views/models/format.h"
#include "views/widgets/theme.h"

namespace retort {

namespace {

QString percentText(double share) {
    return QLocale().toString(100 * share, 'f', 1).replace(QLatin1Char('-'), QChar(0x2212));
}

/// Not what only has a longer text behind it.
bool isNumber(const TableCell& cell) {
    return cell.value.isValid() && cell.value.typeId() != QMetaType::QString;
}

/// A number that is missing.
bool isDash(const TableCell& cell) {
    return cell.text == QStringLiteral("–") && !cell.value.isValid();
}

/// By its first rows; some of the numbers may be missing.
bool holdsNumbers(const ValueTable& table, int column) {
    const auto at = static_cast<std::size_t>(column);
    const auto end = table.rows.begin() + std::min<std::ptrdiff_t>(std::ssize(table.rows), 50);
    return std::any_of(table.rows.begin(), end,
                       [at](const auto& row) { return at < row.size() && isNumber(row[at]); });
}

QVariant toneColor(TableCell::Tone tone) {
    switch (tone) {
        case TableCell::Tone::Good:
            return tones().good;
        case TableCell::Tone::Bad:
            return tones().bad;
        case TableCell::Tone::Muted:
            return tones().muted;
        case TableCell::Tone::None:
        case TableCell::Tone::Strong:
            break;
    }
    return {};
}

}  // namespace

TableCell numberCell(double value, TableCell::Tone tone) {
    return {std::isnan(value) ? QStringLiteral("–") : formatNumber(value), value, tone, {}};
}

TableCell percentCell(double share, TableCell::Tone tone) {
    return {std::isnan(share) ? QStringLiteral("–") : percentText(share), share, tone, {}};
}

TableCell percentIntervalCell(double low, double high) {
    if (std::isnan(low) || std::isnan(high)) return {QStringLiteral("–"), low, TableCell::Tone::Muted, {}};
    return {
        QStringLiteral("%1 … %2").arg(percentText(low), percentText(high)), low, TableCell::Tone::Muted, {}};
}

void ValueTableModel::setTable(ValueTable table) {
    beginResetModel();
    m_table = std::move(table);
    endResetModel();
}

int ValueTableModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_table.rows.size());
}

int ValueTableModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : static_cast<int>(m_table.headers.size());
}

QVariant ValueTableModel::data(const QModelIndex& index, int role) const {
    if (!checkIndex(index, CheckIndexOption::IndexIsValid | CheckIndexOption::ParentIsInvalid)) return {};
    const auto& row = m_table.rows[static_cast<std::size_t>(index.row())];
    if (static_cast<std::size_t>(index.column()) >= row.size()) return {};
    const TableCell& cell = row[static_cast<std::size_t>(index.column())];
    switch (role) {
        case Qt::DisplayRole:
            return cell.text;
        case Qt::ToolTipRole:
            return cell.toolTip.isEmpty() ? QVariant() : QVariant(cell.toolTip);
        case Qt::TextAlignmentRole:
            return int((isNumber(cell) || (isDash(cell) && holdsNumbers(m_table, index.column()))
                            ? Qt::AlignRight
                            : Qt::AlignLeft) |
                       Qt::AlignVCenter);
        case Qt::ForegroundRole:
            return toneColor(cell.tone);
        case Qt::FontRole: {
            if (cell.tone != TableCell::Tone::Strong) return {};
            QFont font;
            font.setBold(true);
            return font;
        }
        case ExactRole:
            return cell.value.isValid() ? cell.value : QVariant(cell.text);
        default:
            return {};
    }
}

QVariant ValueTableModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= columnCount()) return {};
    if (role == Qt::DisplayRole) return m_table.headers[section];
    if (role == Qt::TextAlignmentRole)
        return int((holdsNumbers(m_table, section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::ToolTipRole && section < m_table.headerTips.size()) return m_table.headerTips[section];
    return {};
}

}  // namespace retort
