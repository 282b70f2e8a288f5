// Group-relative advantages (GRPO, Dr. GRPO), as TRL defines them (algorithms.md a.1).
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

}  // namespace retort
