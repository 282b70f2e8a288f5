#include "training/objectives/advantages.h"

#include <cmath>
#include <span>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr double epsilon = 1e-4;

struct Moments {
    double mean = 0, std = 0;
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
    return {mean, count > 1 ? std::sqrt(squares / (count - 1)) : 0.0};
}

double divisor(const std::string& scale, const Moments& group, const Moments& batch) {
    if (scale == "group") return group.std + epsilon;
    if (scale == "batch") return batch.std + epsilon;
    if (scale == "none") return 1;
    throw Error("unknown scaling '" + scale + "'", "grpo.scale_rewards", "group, batch or none");
}

}  // namespace

GroupAdvantages groupAdvantages(const std::vector<double>& rewards, std::int64_t groupSize,
                                const std::string& scale) {
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
        const double scaleBy = divisor(scale, moments, batch);
        for (double reward : group)
            result.values.push_back(std::isnan(reward) ? 0.0 : (reward - moments.mean) / scaleBy);
    }
    return result;
}

}  // namespace retort
