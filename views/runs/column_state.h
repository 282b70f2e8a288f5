// Order, width and visibility of a table's columns by name: metric columns come and go, and the rest stays
// where the user put it. Kept in the store, since the columns are those of its runs.
#pragma once

#include <QHeaderView>
#include <functional>

#include "core/util/json.h"

namespace retort {

using ColumnKey = std::function<QString(int)>;

Json columnsToJson(const QHeaderView& header, const ColumnKey& key);
/// Columns that are not in `saved` keep their place behind the others. Anything malformed is ignored.
void applyColumns(const Json& saved, QHeaderView& header, const ColumnKey& key);

}  // namespace retort
