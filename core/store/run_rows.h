// Runs and what hangs on them but points and traces.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

std::vector<RunRow> readRuns(Database& database, bool withArchived);
std::optional<RunRow> readRun(Database& database, RowId id);
/// By UUID, a prefix of it (at least 4 characters), or an exact name; 0 when there is none.
RowId findRunId(Database& database, const std::string& nameOrId);

std::vector<CheckpointRow> readCheckpoints(Database& database, RowId run);
std::vector<EvaluationRow> readEvaluations(Database& database, RowId run);
std::vector<EvaluationItem> readEvaluationItems(Database& database, RowId evaluation);
std::vector<AlarmRow> readAlarms(Database& database, RowId run);
/// The last ones, in the order in which they were said.
std::vector<MessageEvent> readMessages(Database& database, RowId run, int last);

}  // namespace retort
