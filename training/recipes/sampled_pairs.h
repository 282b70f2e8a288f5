// Pairs from the policy's own samples, judged by the task's checker: right against wrong (#113), the first
// wrong step against the right one (#225), the shortest right one against longer or wrong ones (#110).
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

/// The pair of a group by pairs.source; absent when the group has none to give. `random` chooses between
/// equals.
std::optional<PreferencePair> pairFrom(const std::string& source, const SampledGroup& group, const Task& task,
                                       Random& random);

/// All pairs for the steps of one round.
struct PairRound {
    std::int64_t number = -1;
    std::vector<PreferencePair> pairs;
    Metrics metrics;            ///< of the sampling: pairs/yield, pairs/accuracy, completions/mean_length
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
