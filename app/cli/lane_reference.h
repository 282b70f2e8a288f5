// "prm:judge@300" on a command line: a judge's lane.
#pragma once

#include <string>

#include "app/cli/arguments.h"
#include "core/store/store.h"
#include "core/traces/trace.h"

namespace retort::cli {

struct LaneReference {
    LaneKind kind = LaneKind::Checker;
    std::string name;  ///< empty: the only one of the kind
};

/// Throws Error that names the kinds.
LaneReference laneReferenceOf(const std::string& text);

/// The trace's lane; nullptr: it has none. Throws Error when it has several of the kind and the reference
/// names none.
const StepLane* findLane(const std::vector<StepLane>& lanes, const LaneReference& reference);

/// The traces that --step, --phase, --task, --correct, --wrong of a command ask for, of a run (0: all),
/// oldest first.
TraceFilter traceFilterOf(const Arguments& arguments, RowId run);

}  // namespace retort::cli
