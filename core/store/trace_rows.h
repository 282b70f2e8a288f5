// Traces as rows of the tables `traces`, `trace_texts`, `trace_rewards`, `trace_steps` and `trace_tokens`.
#pragma once

#include <optional>

#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

void insertTrace(Database& database, RowId run, const Trace& trace, double t, std::int32_t attempt);
std::optional<Trace> readTrace(Database& database, RowId id);

}  // namespace retort
