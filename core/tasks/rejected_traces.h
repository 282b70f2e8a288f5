// Traces that are wrong on purpose, beside right ones: what preference methods learn from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tasks/task.h"
#include "core/util/random.h"

namespace retort {

/// The problem's worked completion (its answer, where it has none) with one character of a step exchanged for
/// another of its kind, a digit or an operator, so that the task's checker finds it wrong; all else stays as
/// it was (RISE, #15). Absent when no such change was found.
std::optional<std::string> injectError(const Task& task, const Problem& problem, Random& random);

/// Two ways on from what both have in common.
struct StepPair {
    std::string prefix;  ///< of the completion, up to the step
    std::string chosen, rejected;
};

/// The first wrong step of `completion`, and a right step in its place from the worked completion or from one
/// of `others` that begins as `completion` does (#225). Absent when no step is wrong, or nothing better is
/// known.
std::optional<StepPair> firstBadStep(const Task& task, const Problem& problem, std::string_view completion,
                                     const std::vector<std::string>& others);

}  // namespace retort
