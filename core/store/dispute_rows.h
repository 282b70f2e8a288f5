// Traces with a step of which two judges say opposite things: rows of `disputed_traces`.
#pragma once

#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

/// Counts them anew.
std::int64_t disputedSteps(Database& database, RowId trace);

/// Writes the trace's row anew. To be called after any judge's word on the trace changed.
void refreshDispute(Database& database, RowId trace);

}  // namespace retort
