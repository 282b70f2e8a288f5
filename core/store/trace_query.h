// Lists of traces: pages in any order, counts, groups.
#pragma once

#include <vector>

#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

/// What stands behind ORDER BY.
const char* orderOf(const TraceFilter& filter);

std::int64_t countTraces(Database& database, const TraceFilter& filter);
/// Exactly where that takes about a tenth of a second, else as far as it comes, or `most`.
TraceCount countTraces(Database& database, const TraceFilter& filter, std::int64_t most);
std::vector<TraceRow> listTraces(Database& database, const TraceFilter& filter, std::int64_t offset,
                                 std::int64_t limit);
/// The next ones by id behind `after`; the filter's order does not count.
std::vector<TraceRow> listTracesAfter(Database& database, const TraceFilter& filter, RowId after,
                                      std::int64_t limit);
/// Ids of all samples of the group that a trace belongs to, in sample order; empty when the trace is unknown.
std::vector<RowId> groupOfTrace(Database& database, RowId id);

}  // namespace retort
