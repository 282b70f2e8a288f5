// Lists of traces: filters, orders and the text search.
#pragma once

#include <vector>

#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

std::int64_t countTraces(Database& database, const TraceFilter& filter);
std::vector<TraceRow> listTraces(Database& database, const TraceFilter& filter, std::int64_t offset,
                                 std::int64_t limit);
/// Ids of all samples of the group that a trace belongs to, in sample order; empty when the trace is unknown.
std::vector<RowId> groupOfTrace(Database& database, RowId id);

}  // namespace retort
