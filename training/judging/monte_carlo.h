// Monte-Carlo values of steps: the share of right answers among rollouts from the end of each (Wang et al.,
// "Math-Shepherd", arXiv 2312.08935). A value is the chance that this policy recovers, not a rating of the
// step (traces.md b.8).
#pragma once

#include "training/api/trace_judging.h"
#include "training/judging/rollout_pool.h"

namespace retort {

using JudgedFunction = std::function<void(JudgedTrace)>;

/// Where the completion ends with its last step, that place has one rollout, the trace itself. Traces without
/// text, and those of which `whyNot` knows a reason, are said with no steps. False when a stop came first.
bool judgeByMonteCarlo(const std::vector<Trace>& traces, RolloutPool& pool, std::int64_t rowsAtOnce,
                       const std::string& lane, const std::function<std::string(const Trace&)>& whyNot,
                       const JudgedFunction& done);

}  // namespace retort
