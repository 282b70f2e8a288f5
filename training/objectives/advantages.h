// Advantages of completions from their rewards: relative to their group (GRPO, Dr. GRPO, RLOO) or to the
// whole batch (REINFORCE++), as TRL and verl define them (algorithms.md a.1).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace retort {

struct GroupAdvantages {
    std::vector<double> values;  ///< one a completion; 0 where the reward was NaN
    double rewardMean = 0;       ///< over all completions
    double rewardStd = 0;        ///< mean over the groups of their standard deviation (Bessel)
    double zeroStdShare = 0;     ///< share of completions whose group's rewards are all equal: no signal
};

/// `rewards` holds whole groups of `groupSize`, one after the other. `scale` is TRL's scale_rewards: "group"
/// divides by the group's standard deviation + 1e-4, "batch" by that of all rewards, "none" by nothing (Dr.
/// GRPO).
GroupAdvantages groupAdvantages(const std::vector<double>& rewards, std::int64_t groupSize,
                                const std::string& scale);

/// GDPO (TRL's multi_objective_aggregation "normalize_then_sum"): each term is normalised within its group,
/// the weighted sum of the terms then over the whole batch. `terms[i][k]`: term k of completion i,
/// `weights[k]`. The statistics of the result are those of the weighted sums of rewards.
GroupAdvantages decoupledAdvantages(const std::vector<std::vector<double>>& terms,
                                    const std::vector<double>& weights, std::int64_t groupSize);

/// REINFORCE leave-one-out: the reward minus the mean of the group's others, n/(n-1)·(R - mean). Not scaled.
GroupAdvantages leaveOneOutAdvantages(const std::vector<double>& rewards, std::int64_t groupSize);

/// REINFORCE++: the reward, `groupBaseline`: minus its group's mean, whitened over the tokens of the batch
/// (each completion counts with its `lengths[i]` tokens; Bessel over tokens, 1e-8 under the root, as in
/// verl).
GroupAdvantages whitenedAdvantages(const std::vector<double>& rewards,
                                   const std::vector<std::int64_t>& lengths, std::int64_t groupSize,
                                   bool groupBaseline);

/// What the estimators need of a batch of completions.
struct RewardedBatch {
    std::vector<double> rewards;
    std::vector<std::vector<double>> terms;  ///< of each completion
    std::vector<double> weights;             ///< of each term
    std::vector<std::int64_t> lengths;       ///< tokens of each completion
    std::int64_t groupSize = 1;
};
/// By the names in the configuration: `estimator` "grpo", "rloo", "reinforce_plus_plus",
/// "reinforce_plus_plus_baseline"; `scale` and `aggregation` ("sum_then_normalize", "normalize_then_sum")
/// concern "grpo" alone. Throws Error for others.
GroupAdvantages estimateAdvantages(const RewardedBatch& batch, const std::string& estimator,
                                   const std::string& scale, const std::string& aggregation);

}  // namespace retort
