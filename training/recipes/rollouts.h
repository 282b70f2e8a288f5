// The sampled half of a reinforcement-learning step: prompts, completions, verdicts, rewards, advantages.
#pragma once

#include <cstdint>
#include <vector>

#include "training/objectives/advantages.h"
#include "training/objectives/rewards.h"
#include "training/recipes/recipe.h"
#include "training/recipes/sampled_trace.h"

namespace retort {

/// What the update finds for each token of a completion; any of them may be empty.
struct TokenNumbers {
    std::vector<float> advantages, ratios, referenceLogprobs;
    std::vector<std::int32_t> clipped;  ///< -1 below the clip range, 1 above it, 0 inside
};

struct Rollouts {
    std::vector<DrawnProblem> problems;
    std::vector<std::vector<std::int32_t>> prompts;  ///< token ids, one a problem
    std::vector<JudgedCompletion> completions;       ///< problem-major, `samples` each
    std::vector<RewardComposer::Reward> rewards;
    /// One a token: what process rewards gave where a step ends, NaN elsewhere; may be empty.
    std::vector<std::vector<double>> stepRewards;
    GroupAdvantages advantages;
    std::vector<TokenNumbers> tokenNumbers;  ///< one a completion; empty before the update
    std::int64_t samples = 1;                ///< completions of each problem

    std::size_t problemOf(std::size_t completion) const { return completion / std::size_t(samples); }
    std::int64_t completionTokens() const;
    std::int64_t allTokens() const;  ///< prompts counted with each of their completions
    double accuracy() const;
    /// Share of right completions of one problem.
    double groupAccuracy(std::size_t problem) const;

    /// Where there are process rewards: each token's own advantage (training/objectives/process_advantages).
    void spreadProcessRewards(const std::string& scale);

    /// Moves the groups of `other` whose `kept[problem]` is set behind these.
    void take(Rollouts& other, const std::vector<bool>& kept);
    /// Drops all but the first `count` groups.
    void keepFirst(std::size_t count);
};

/// By the settings' estimator, from the rewards.
GroupAdvantages advantagesOf(const Rollouts& rollouts, const RewardComposer& composer,
                             const GrpoSettings& settings);

/// reward, rewards/<term>/mean, completions/mean_length … and train/<task>/accuracy.
void addRolloutMetrics(const Rollouts& rollouts, const std::vector<DataSource>& sources,
                       const RewardComposer& composer, Metrics& metrics);

/// Traces of the first `groups` prompts.
std::vector<Trace> rolloutTraces(const Rollouts& rollouts, const std::vector<DataSource>& sources,
                                 const Tokenizer& tokenizer, const RewardComposer& composer,
                                 std::int64_t groups, bool tokenArrays, std::int64_t step);

}  // namespace retort
