// Pairs from the policy's own samples, judged by the task's checker: right against wrong (#113; a share of
// #15's pairs), the first wrong step against the right one (#225; by rollouts: step_values.h), the shortest
// right one against longer or wrong ones (#110).
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/tasks/preference_file.h"
#include "core/util/random.h"
#include "training/recipes/recipe.h"
#include "training/recipes/sampled_trace.h"

namespace retort {

/// The samples of one problem.
struct SampledGroup {
    DrawnProblem drawn;
    std::vector<JudgedCompletion> samples;
};

/// The pair of a group by pairs.source (those of step_values "checker", and for error_injection that of
/// self_sampling); absent when the group has none to give. `random` chooses between equals.
std::optional<PreferencePair> pairFrom(const std::string& source, const SampledGroup& group, const Task& task,
                                       Random& random);

/// All pairs for the steps of one round.
struct PairRound {
    std::int64_t number = -1;
    std::vector<PreferencePair> pairs;
    /// Of the sampling: pairs/yield (pairs a prompt), pairs/accuracy, completions/mean_length; with rollouts
    /// also pairs/rollout_tokens, generated on top.
    Metrics metrics;
    std::vector<Trace> traces;  ///< of its first prompts
};

/// Samples round `number` (0 …) with the policy as it is now, at `step`: a function of (seed, number,
/// policy). Absent when a stop came first. Throws Error when no prompt gave a pair.
std::optional<PairRound> samplePairs(TrainerParts& parts, RunSession& session, std::int64_t number,
                                     std::int64_t step);

/// Rounds are kept in the run's folder, for a resume in the middle of one.
void writeRound(const RunDirectory& run, const PairRound& round);
/// Absent when there is none. Metrics and traces are not kept: they were said at the round's first step.
std::optional<PairRound> readRound(const RunDirectory& run, std::int64_t number);

}  // namespace retort
