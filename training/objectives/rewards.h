// Rewards that can be checked: a weighted sum of named terms over the verifier's verdict. Each term is logged
// by itself, since a reward that is hacked shows in its components.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "core/config/run_config.h"
#include "core/tasks/task.h"

namespace retort {

class RewardComposer {
  public:
    /// Empty settings: correctness with weight 1. Throws Error for unknown kinds and parameters out of range.
    explicit RewardComposer(const std::vector<RewardSettings>& settings);

    /// Names of the terms: their kinds, "length-2" for the second term of a kind.
    const std::vector<std::string>& names() const { return m_names; }

    struct Reward {
        double total = 0;           ///< Σ weight × value
        std::vector<double> terms;  ///< unweighted, in the order of names()
    };
    /// `tokens`: generated tokens, the end-of-sequence token included.
    Reward operator()(const Verdict& verdict, std::int64_t tokens) const;

  private:
    std::vector<RewardSettings> m_terms;
    std::vector<std::string> m_names;
};

/// DAPO's soft overlong punishment: 0 up to maxLength - cache tokens, straight down to -1 at maxLength, -1
/// beyond.
double softOverlongPunishment(std::int64_t tokens, std::int64_t maxLength, std::int64_t cache);

}  // namespace retort
