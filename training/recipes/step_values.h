// How good what a wrong solution has written is after each of its steps, by rollouts from there, and pairs at
// the step that spoilt it: per-step DPO (#225; Setlur et al., "RL on Incorrect Synthetic Data Scales the
// Efficiency of LLM Math Reasoning by Eight-Fold", arXiv 2406.14532).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "training/recipes/sample_function.h"
#include "training/recipes/sampled_pairs.h"

namespace retort {

/// Where the steps of a judged completion end, as rising byte offsets of its text: those that the task finds
/// (checked or not; core/tasks/task.h), and behind them the answer. The last one is missing when the
/// completion was cut off in it. Empty for a completion without steps.
std::vector<std::size_t> stepEnds(const JudgedCompletion& completion);

struct StepValuePairs {
    std::vector<PreferencePair> pairs;
    std::int64_t rolloutTokens = 0;  ///< generated
};

/// What the rollouts need to know.
struct StepValueSettings {
    const PairSettings* pairs =
        nullptr;                    ///< step_rollouts, step_drop, max_completion_length, temperature, top_p
    std::int64_t maxPositions = 0;  ///< of the model, for prompt and completion; 0: no bound
    std::uint64_t seed = 1, streamBase = 0;
};

/// For each wrong completion of the groups, Q̂_k is the share of right completions among step_rollouts from
/// the end of its step k: Q̂_0 that of the group's samples, and 0 at the end of a finished completion, which
/// needs none. The first step with Q̂_{k-1} − Q̂_k ≥ step_drop is rejected; chosen is the next step of a right
/// completion from the same place, another one than the rejected; where there is none, there is no pair.
/// Equal pairs of a group are one. No checker of steps is asked.
///
/// `tasks` has one a group. All rollouts are one call of `sample`; texts that several completions of a group
/// begin with are rolled out once. Absent when a stop came first.
std::optional<StepValuePairs> stepValuePairs(const std::vector<SampledGroup>& groups,
                                             const std::vector<const Task*>& tasks,
                                             const Tokenizer& tokenizer, const StepValueSettings& settings,
                                             const SampleFunction& sample);

}  // namespace retort
