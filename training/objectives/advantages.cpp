#include "training/objectives/advantages.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr double epsilon = 1e-4;

struct Moments {
    double mean = 0, std = 0;
    std::size_t count = 0;
};

/// Mean and Bessel-corrected standard deviation of the numbers that are not NaN.
Moments momentsOf(std::span<const double> values) {
    double sum = 0, squares = 0, count = 0;
    for (double value : values)
        if (!std::isnan(value)) sum += value, count += 1;
    if (count == 0) return {};
    const double mean = sum / count;
    for (double value : values)
        if (!std::isnan(value)) squares += (value - mean) * (value - mean);
    return {mean, count > 1 ? std::sqrt(squares / (count - 1)) : 0.0, std::size_t(count)};
}

double divisor(const std::string& scale, const Moments& group, const Moments& batch) {
    if (scale == "group") return group.std + epsilon;
    if (scale == "batch") return batch.std + epsilon;
    if (scale == "none") return 1;
    throw Error("unknown scaling '" + scale + "'", "grpo.scale_rewards", "group, batch or none");
}

/// The rewards' statistics, and of each reward that is not NaN what `advantage` makes of it, its group and
/// the batch.
GroupAdvantages byGroup(
    const std::vector<double>& rewards, std::int64_t groupSize,
    const std::function<double(double reward, const Moments& group, const Moments& batch)>& advantage) {
    if (groupSize < 1 || rewards.empty() || rewards.size() % std::size_t(groupSize) != 0)
        throw Error(std::to_string(rewards.size()) + " rewards are not whole groups of " +
                    std::to_string(groupSize));
    const Moments batch = momentsOf(rewards);
    GroupAdvantages result;
    result.rewardMean = batch.mean;
    const double groups = double(rewards.size()) / double(groupSize);
    for (std::size_t first = 0; first < rewards.size(); first += std::size_t(groupSize)) {
        const std::span group(rewards.data() + first, std::size_t(groupSize));
        const Moments moments = momentsOf(group);
        result.rewardStd += moments.std / groups;
        if (moments.std < 1e-8) result.zeroStdShare += 1 / groups;
        for (double reward : group)
            result.values.push_back(std::isnan(reward) ? 0.0 : advantage(reward, moments, batch));
    }
    return result;
}

}  // namespace

GroupAdvantages groupAdvantages(const std::vector<double>& rewards, std::int64_t groupSize,
                                const std::string& scale) {
    return byGroup(rewards, groupSize, [&](double reward, const Moments& group, const Moments& batch) {
        return (reward - group.mean) / divisor(scale, group, batch);
    });
}

GroupAdvantages decoupledAdvantages(const std::vector<std::vector<double>>& terms,
                                    const std::vector<double>& weights, std::int64_t groupSize) {
    std::vector<double> sums(terms.size()), rewards(terms.size());
    for (std::size_t k = 0; k < weights.size(); ++k) {
        std::vector<double> column;
        for (const auto& values : terms) column.push_back(values.at(k));
        const GroupAdvantages normalised = groupAdvantages(column, groupSize, "group");
        for (std::size_t i = 0; i < terms.size(); ++i) {
            if (std::isnan(column[i])) continue;  // a term that does not apply adds nothing
            sums[i] += weights[k] * normalised.values[i];
            rewards[i] += weights[k] * column[i];
        }
    }
    GroupAdvantages result = groupAdvantages(rewards, groupSize, "none");
    const Moments batch = momentsOf(sums);
    for (std::size_t i = 0; i < sums.size(); ++i)
        result.values[i] = (sums[i] - batch.mean) / (batch.std + epsilon);
    return result;
}

GroupAdvantages leaveOneOutAdvantages(const std::vector<double>& rewards, std::int64_t groupSize) {
    return byGroup(rewards, groupSize, [](double reward, const Moments& group, const Moments&) {
        const double n = double(group.count);
        return n > 1 ? n / (n - 1) * (reward - group.mean) : 0.0;
    });
}

GroupAdvantages whitenedAdvantages(const std::vector<double>& rewards,
                                   const std::vector<std::int64_t>& lengths, std::int64_t groupSize,
                                   bool groupBaseline) {
    GroupAdvantages result =
        byGroup(rewards, groupSize, [&](double reward, const Moments& group, const Moments&) {
            return groupBaseline ? reward - group.mean : reward;
        });
    double tokens = 0, sum = 0, squares = 0;
    for (std::size_t i = 0; i < rewards.size(); ++i) {
        tokens += double(lengths.at(i));
        sum += double(lengths[i]) * result.values[i];
    }
    const double mean = sum / std::max(tokens, 1.0);
    for (std::size_t i = 0; i < rewards.size(); ++i)
        squares += double(lengths[i]) * (result.values[i] - mean) * (result.values[i] - mean);
    const double scale = 1 / std::sqrt(squares / std::max(tokens - 1, 1.0) + 1e-8);
    for (double& value : result.values) value = (value - mean) * scale;
    return result;
}

GroupAdvantages estimateAdvantages(const RewardedBatch& batch, const std::string& estimator,
                                   const std::string& scale, const std::string& aggregation) {
    if (estimator == "rloo") return leaveOneOutAdvantages(batch.rewards, batch.groupSize);
    if (estimator == "reinforce_plus_plus" || estimator == "reinforce_plus_plus_baseline")
        return whitenedAdvantages(batch.rewards, batch.lengths, batch.groupSize,
                                  estimator == "reinforce_plus_plus_baseline");
    if (estimator != "grpo")
        throw Error("unknown estimator '" + estimator + "'", "grpo.advantage_estimator",
                    "grpo, rloo, reinforce_plus_plus or reinforce_plus_plus_baseline");
    if (aggregation == "sum_then_normalize") return groupAdvantages(batch.rewards, batch.groupSize, scale);
    if (aggregation == "normalize_then_sum")
        return decoupledAdvantages(batch.terms, batch.weights, batch.groupSize);
    throw Error("unknown aggregation '" + aggregation + "'", "grpo.multi_objective_aggregation",
                "sum_then_normalize or normalize_then_sum");
}

}  // namespace retort
