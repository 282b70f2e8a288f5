// Order, width and visibility of a table's columns, remembered by name: metric columns come and go, and the
// rest stays where the user put it.
#pragma once

#include <QHeaderView>
#include <QSettings>
#include <functional>

namespace retort {

using ColumnKey = std::function<QString(int)>;

void saveColumns(QSettings& settings, const QString& group, const QHeaderView& header, const ColumnKey& key);
/// Columns that were never saved keep their place. Returns false when nothing was saved.
bool restoreColumns(QSettings& settings, const QString& group, QHeaderView& header, const ColumnKey& key);

}  // namespace retort
