// Any item model's content as text: what "Copy" and "Export CSV" give.
#pragma once

#include <QAbstractItemModel>
#include <QList>
#include <QString>

namespace retort {

enum class TableFormat { Tsv, Csv };

/// Header and the given rows and columns, in their order. `exactRole`: where it holds a number, that number
/// with all its digits is written instead of the shown text; -1: the shown text always.
QString tableText(const QAbstractItemModel& model, const QList<int>& rows, const QList<int>& columns,
                  TableFormat format, int exactRole = -1);

}  // namespace retort
