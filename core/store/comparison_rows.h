// Evaluations problem by problem, answers with their confidence, and saved comparisons.
#pragma once

#include <string>
#include <vector>

#include "core/store/comparison_values.h"
#include "core/store/sqlite.h"

namespace retort {

/// Items of many evaluations in one go: texts of problems that stand where they stand in the first one are
/// not copied.
ItemTable readItemTable(Database& database, const std::vector<RowId>& evaluations);

/// From the traces of one evaluation ("eval", `task` is its name) that the store has.
std::vector<AnswerConfidence> readConfidences(Database& database, RowId run, std::int64_t step,
                                              const std::string& task);

/// Of all runs that are not archived, the newest run first, its last step first.
std::vector<EvaluatedCheckpoint> readEvaluatedCheckpoints(Database& database);

/// By name.
std::vector<SavedComparison> readComparisons(Database& database);
/// Adds it, or changes the one of its name. Returns its id. Throws Error for an empty name or fewer than one
/// checkpoint.
RowId saveComparison(Database& database, const SavedComparison& comparison);
/// Throws Error when there is none.
void removeComparison(Database& database, RowId id);

}  // namespace retort
