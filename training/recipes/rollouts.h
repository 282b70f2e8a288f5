// The sampled half of a GRPO step: prompts, completions, verdicts, rewards, advantages.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "training/objectives/advantages.h"
#include "training/objectives/rewards.h"
#include "training/recipes/recipe.h"
#include "training/recipes/sampled_trace.h"

namespace retort {

struct Rollouts {
    std::vector<DrawnProblem> problems;
    std::vector<std::vector<std::int32_t>> prompts;  ///< token ids, one a problem
    std::vector<JudgedCompletion> completions;       ///< problem-major, num_generations each
    std::vector<RewardComposer::Reward> rewards;
    GroupAdvantages advantages;
    std::int64_t samples = 1;  ///< completions of each problem

    std::size_t problemOf(std::size_t completion) const { return completion / std::size_t(samples); }
    std::int64_t completionTokens() const;
    std::int64_t allTokens() const;  ///< prompts counted with each of their completions
    double accuracy() const;
};

/// A step's problems: a function of (seed, step).
Rollouts drawPrompts(const DataMixture& mixture, const Tokenizer& tokenizer, const GrpoSettings& settings,
                     std::int64_t step);
/// Samples the completions. Streams are numbered by step and prompt, so a resumed run samples the same ones.
std::vector<Completion> sampleCompletions(const Rollouts& rollouts, Generator& generator,
                                          const GrpoSettings& settings, std::uint64_t seed, std::int64_t step,
                                          std::stop_token stop);
/// Judges and compares them.
void scoreRollouts(Rollouts& rollouts, std::vector<Completion> completions,
                   const std::vector<DataSource>& sources, const Tokenizer& tokenizer,
                   const RewardComposer& composer, const GrpoSettings& settings);

/// reward, rewards/<term>/mean, completions/mean_length … and train/<task>/accuracy.
void addRolloutMetrics(const Rollouts& rollouts, const std::vector<DataSource>& sources,
                       const RewardComposer& composer, Metrics& metrics);

/// Traces of the first `groups` prompts.
std::vector<Trace> rolloutTraces(const Rollouts& rollouts, const std::vector<DataSource>& sources,
                                 const Tokenizer& tokenizer, const RewardComposer& composer,
                                 std::int64_t groups, bool tokenArrays, std::int64_t step);

}  // namespace retort
