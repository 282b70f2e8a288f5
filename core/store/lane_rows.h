// Judges of steps as rows: `lanes`, and `trace_judgements` (from logs) and `judgements` (made here).
#pragma once

#include <vector>

#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

/// What a judgement comes to, for finding lanes that disagree: -1, 0, 1; absent when it takes no side.
std::optional<std::int32_t> verdictOf(LaneKind kind, const StepJudgement& judgement);
/// The row of a lane, added when it is new.
RowId laneRow(Database& database, LaneKind kind, const std::string& name);

/// The lanes that came with a trace's event.
void insertTraceLanes(Database& database, RowId trace, const std::vector<StepLane>& lanes);
std::vector<StepLane> readTraceLanes(Database& database, RowId trace);

/// A lane that was made here, instead of what the judge said before; without steps: takes it away.
void replaceLane(Database& database, RowId mark, const StepLane& lane);
/// The people's lanes of a mark, by name; those that have steps.
std::vector<StepLane> humanLanes(Database& database, RowId mark);
/// Throws Error where a judgement lies outside of a completion of so many bytes, or is none.
void checkLane(const StepLane& lane, std::int64_t bytes);

/// Everything that judges said of a trace, in order of kind and name: the task's checker (named as the task),
/// lanes made here, and those of the log whose judge did not judge anew here.
std::vector<StepLane> readLanes(Database& database, RowId trace);

}  // namespace retort
