// What the judges of a trace say of each step of a document, side by side and never merged.
#pragma once

#include <optional>

#include "core/traces/trace_document.h"

namespace retort {

/// Of one step; each member is from one lane.
struct StepFacts {
    std::optional<std::int32_t> human;  ///< PRM800K's rating, of the first human lane
    std::optional<double> prm;
    std::int32_t successes = 0, rollouts = 0;  ///< of Monte Carlo; rollouts 0: not known
    std::optional<std::int32_t> critic;
    std::vector<std::string> detected;  ///< "name: text" of detectors
    bool disagree = false;              ///< two judges say opposite things, as the store's filter has it

    bool operator==(const StepFacts&) const = default;
};

/// One entry a step of the document. A judgement belongs to the step with which it shares most bytes, the
/// first of equals; of several on one step, the lowest counts. Where a kind has several lanes, the first one
/// that says something.
std::vector<StepFacts> stepFacts(const TraceDocument& document, const std::vector<StepLane>& lanes);

/// What one judgement says: -1 wrong, 1 not wrong, 0 nothing. A rating of 0 is no error; a Monte-Carlo value
/// of 0 is one, any success is none (Math-Shepherd's hard label); a PRM's score below 0.5 is one.
int signOf(LaneKind kind, const StepJudgement& judgement);

/// The first step that a person rates -1; else that the task's checker or a critic finds wrong; else the one
/// with the lowest PRM score. -1: nothing speaks of errors.
int firstError(const TraceDocument& document, const std::vector<StepFacts>& facts);
/// The next step after `from`, round to the start, at which judges disagree; -1: none.
int nextDisagreement(const std::vector<StepFacts>& facts, int from);

}  // namespace retort
