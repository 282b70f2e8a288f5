#include "views/runs/column_state.h"

#include <QHash>

namespace retort {

void saveColumns(QSettings& settings, const QString& group, const QHeaderView& header, const ColumnKey& key) {
    QStringList order;
    settings.beginGroup(group);
    for (int visual = 0; visual < header.count(); ++visual) {
        const int column = header.logicalIndex(visual);
        const bool hidden = header.isSectionHidden(column);
        const int width = header.sectionSize(column);
        order << QStringLiteral("%1|%2").arg(key(column)).arg(hidden ? -1 : width);
    }
    settings.setValue(QStringLiteral("columns"), order);
    settings.setValue(QStringLiteral("sortColumn"), key(header.sortIndicatorSection()));
    settings.setValue(QStringLiteral("sortDescending"), header.sortIndicatorOrder() == Qt::DescendingOrder);
    settings.endGroup();
}

bool restoreColumns(QSettings& settings, const QString& group, QHeaderView& header, const ColumnKey& key) {
    QHash<QString, int> columns;
    for (int column = 0; column < header.count(); ++column) columns.insert(key(column), column);
    settings.beginGroup(group);
    const QStringList order = settings.value(QStringLiteral("columns")).toStringList();
    const QString sortKey = settings.value(QStringLiteral("sortColumn")).toString();
    const bool descending = settings.value(QStringLiteral("sortDescending")).toBool();
    settings.endGroup();
    int visual = 0;
    for (const QString& entry : order) {
        const QStringList parts = entry.split(QLatin1Char('|'));
        if (parts.size() != 2 || !columns.contains(parts[0])) continue;
        const int column = columns.value(parts[0]);
        header.moveSection(header.visualIndex(column), visual++);
        const int width = parts[1].toInt();
        header.setSectionHidden(column, width < 0);
        if (width > 0) header.resizeSection(column, width);
    }
    if (columns.contains(sortKey)) {
        header.setSortIndicator(columns.value(sortKey),
                                descending ? Qt::DescendingOrder : Qt::AscendingOrder);
    }
    return !order.isEmpty();
}

}  // namespace retort
