// Advantages of tokens where rewards of steps stand beside that of the outcome: GRPO with process rewards.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace retort {

/// Of completions in whole groups of `groupSize`. `outcomes`: each one's reward without that of its steps.
/// `stepRewards[i][t]`: what the step earned that ends with token t, NaN where none ends.
///
/// A token's return is the outcome and the rewards of the steps that end with it or behind it (#92), its
/// baseline the mean return of the group's completions in the same step, so that neither a step's place nor
/// what earlier steps earned is counted. Divided by the standard deviation of the differences over the tokens
/// of the group (`scale` "group") or of all ("batch") + 1e-4, or by nothing ("none").
std::vector<std::vector<float>> processAdvantages(const std::vector<double>& outcomes,
                                                  const std::vector<std::vector<double>>& stepRewards,
                                                  std::int64_t groupSize, const std::string& scale);

}  // namespace retort
