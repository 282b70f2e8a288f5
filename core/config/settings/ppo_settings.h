// Reinforcement learning with a learned value of each state: PPO. Names and defaults are TRL's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/config/settings/rollout_settings.h"

namespace retort {

struct PpoSettings : RolloutSettings {
    std::int64_t num_ppo_epochs = 4;    ///< passes over each step's completions
    std::int64_t num_mini_batches = 1;  ///< optimizer steps a pass
    double kl_coef = 0.05;              ///< weight of the KL in the reward; 0: no reference is loaded
    std::string kl_estimator = "k1";    ///< "k1", "k3"
    double kl_target = 0;               ///< kl_coef is steered so that the KL comes near it; 0: fixed
    double kl_horizon = 10000;
    double cliprange = 0.2, cliprange_value = 0.2;
    double vf_coef = 0.1;
    double gamma = 1, lam = 0.95;
    bool whiten_rewards = false;
    double missing_eos_penalty = 0;  ///< taken from the score of completions that were cut off
    std::string value_from;  ///< checkpoint of a reward model to start the values from; empty: the policy
    double value_learning_rate = 0;       ///< 0: training.learning_rate
    std::int64_t value_warmup_steps = 0;  ///< steps in which only the values learn
};

}  // namespace retort
