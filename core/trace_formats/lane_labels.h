// What one judge of a trace's steps says of each: the lane that an export takes its labels from.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/traces/trace.h"

namespace retort {

/// The task's own checker has no name.
struct LaneName {
    LaneKind kind = LaneKind::Checker;
    std::string name;

    auto operator<=>(const LaneName&) const = default;
};

/// "human:alice", "checker"
std::string toText(const LaneName& lane);
/// Throws Error that names the kinds.
LaneName laneNamed(std::string_view text);

/// The lanes that can label steps: all but detectors, and the checker where it judged any step.
std::vector<LaneName> labelLanes(const Trace& trace);

/// The lane to take: the one that was asked for, else the only one there is. Throws Error that names them
/// when there are several; absent when there is none.
std::optional<LaneName> chooseLane(const std::vector<LaneName>& lanes, const std::optional<LaneName>& asked);

struct StepLabel {
    std::string_view text;
    std::int64_t begin = 0, end = 0;
    std::optional<std::int32_t> rating;  ///< -1 wrong, 0 neutral, 1 right; absent: unlabelled
    std::string_view note;               ///< the judgement's words
};

/// A label for each of the trace's steps; where it has none, the lane's own ranges are its steps. A judgement
/// belongs to the step in which it begins, the worst of several counts. Of a value: a rollout that succeeded
/// (Monte Carlo), or at least `threshold`. Throws Error for a range that is not within the completion.
std::vector<StepLabel> stepLabels(const Trace& trace, const LaneName& lane, double threshold = 0.5);

/// Index of the first step rated -1; -1: there is none.
std::int64_t firstWrong(const std::vector<StepLabel>& labels);

}  // namespace retort
