// The pieces of a completion that judges judge: its own steps, or, where it came without, what its marks
// show.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "core/traces/trace.h"

namespace retort {

struct CutCompletion {
    std::vector<TraceStep> steps;  ///< in order, none of them overlapping; at most 4096
    /// "trace" (its own), "markers" (core/tasks/task.h's `<step;step;>`), "paragraphs" (blank lines),
    /// "lines", "whole" (one step), "empty" (there is no text).
    std::string_view how = "empty";

    std::int64_t end() const { return steps.empty() ? 0 : steps.back().end; }
};

/// Steps of the trace that do not lie within the completion, or not behind each other, are not taken for
/// steps.
CutCompletion cutCompletion(const Trace& trace);
/// The same of a text alone.
CutCompletion cutText(std::string_view completion);

/// Index of the step in which a byte lies; -1: in none (in the answer, say).
std::int64_t stepAt(const std::vector<TraceStep>& steps, std::int64_t byte);

}  // namespace retort
