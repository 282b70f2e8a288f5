// What people and judges said of a trace hangs on its mark, which outlives a reindex: rows of `marks`.
#pragma once

#include <vector>

#include "core/store/rows.h"
#include "core/store/sqlite.h"
#include "core/store/store.h"

namespace retort {

/// The mark of a trace, made when it has none. Throws Error for an unknown trace.
RowId markOf(Database& database, RowId trace);
/// 0: it has none.
RowId findMark(Database& database, RowId trace);
/// 0: the trace is not in the store any more.
RowId traceOfMark(Database& database, RowId mark);
/// Bytes of its completion. Throws Error for an unknown trace.
std::int64_t completionBytes(Database& database, RowId trace);

/// Says that something changed that is known of the trace.
void noteJudged(Database& database, RowId mark, StoreChange& change);
/// The number of the last such change, and the traces of those that came after one.
std::int64_t lastJudged(Database& database);
std::vector<RowId> judgedSince(Database& database, std::int64_t change);

/// Finds the traces of a run's marks anew, after its log was read (again).
void remapMarks(Database& database, RowId run, StoreChange& change);

}  // namespace retort
