#include "views/runs/column_state.h"

#include <QHash>

namespace retort {

Json columnsToJson(const QHeaderView& header, const ColumnKey& key) {
    Json columns = Json::array();
    for (int visual = 0; visual < header.count(); ++visual) {
        const int column = header.logicalIndex(visual);
        columns.push_back({{"key", key(column).toStdString()},
                           {"width", header.sectionSize(column)},
                           {"hidden", header.isSectionHidden(column)}});
    }
    return {{"columns", std::move(columns)},
            {"sort", key(header.sortIndicatorSection()).toStdString()},
            {"descending", header.sortIndicatorOrder() == Qt::DescendingOrder}};
}

void applyColumns(const Json& saved, QHeaderView& header, const ColumnKey& key) {
    if (!saved.is_object() || !saved.contains("columns") || !saved["columns"].is_array()) return;
    QHash<std::string, int> columns;
    for (int column = 0; column < header.count(); ++column) columns.insert(key(column).toStdString(), column);
    int visual = 0;
    for (const Json& entry : saved["columns"]) {
        if (!entry.is_object() || !entry.contains("key") || !entry["key"].is_string()) continue;
        const int column = columns.value(entry["key"].get<std::string>(), -1);
        if (column < 0) continue;
        header.moveSection(header.visualIndex(column), visual++);
        const bool hidden = entry.contains("hidden") && entry["hidden"] == true;
        header.setSectionHidden(column, hidden);
        const int width =
            entry.contains("width") && entry["width"].is_number_integer() ? entry["width"].get<int>() : 0;
        if (width > 0 && !hidden) header.resizeSection(column, width);
    }
    const int sort = saved.contains("sort") && saved["sort"].is_string()
                         ? columns.value(saved["sort"].get<std::string>(), -1)
                         : -1;
    const bool descending = saved.contains("descending") && saved["descending"] == true;
    if (sort >= 0) header.setSortIndicator(sort, descending ? Qt::DescendingOrder : Qt::AscendingOrder);
}

}  // namespace retort
