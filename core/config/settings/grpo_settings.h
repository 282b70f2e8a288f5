// Reinforcement learning by groups of completions.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/util/json.h"

namespace retort {

/// One term of the reward: weight × value. Kinds: "correctness", "format", "length", "step_accuracy".
struct RewardSettings {
    std::string reward;
    double weight = 1;
    Json parameters = Json::object();
};

struct GrpoSettings {
    std::int64_t prompts_per_step = 16;
    std::int64_t num_generations = 8;
    std::int64_t num_iterations = 1;
    std::int64_t max_completion_length = 128;
    double temperature = 1.0;
    double top_p = 1.0;
    std::int64_t top_k = 0;
    double beta = 0.0;                ///< weight of the KL to the reference policy; 0: no reference is loaded
    std::string kl_estimator = "k3";  ///< "k1", "k2", "k3"
    double epsilon = 0.2;
    double epsilon_high = 0.28;
    std::string loss_type = "dapo";       ///< "grpo", "dr_grpo", "dapo", "bnpo"
    std::string scale_rewards = "group";  ///< "group", "batch", "none"
    bool mask_truncated_completions = false;
    double min_start_accuracy = 0.05;     ///< RL waits for a start policy that sometimes succeeds
    std::vector<RewardSettings> rewards;  ///< empty: correctness with weight 1
};

}  // namespace retort
