// Copy and export of a whole table: the two entries that every table's context menu has here.
#pragma once

class QString;
class QTableView;

namespace retort {

/// Ctrl+C and the context menu copy the selected rows (or all where none is) as TSV; the menu exports all as
/// CSV to a file of the user's choice. `exactRole` as in table_text.h; `name` is the file's suggested name.
void makeExportable(QTableView* table, int exactRole, const QString& name);

}  // namespace retort
