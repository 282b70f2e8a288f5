// How the completions of a reinforcement-learning step are sampled and rewarded.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/util/json.h"

namespace retort {

/// One term of the reward: weight × value. The kinds are declared in rewards.cpp.
struct RewardSettings {
    std::string reward;
    double weight = 1;
    Json parameters = Json::object();
};

/// How a reinforcement-learning step's completions are sampled and rewarded.
struct RolloutSettings {
    std::int64_t prompts_per_step = 16;
    std::int64_t num_generations = 8;
    std::int64_t max_completion_length = 128;
    double temperature = 1.0;
    double top_p = 1.0;
    std::int64_t top_k = 0;
    std::int64_t fixed_prompts = 0;        ///< this many training prompts, again and again; 0: all
    std::int64_t fixed_prompt_offset = 0;  ///< the first of them
    std::string fixed_prompt_history;      ///< run folder: the prompts whose rewards varied most there (#53)
    double min_start_accuracy = 0.05;      ///< RL waits for a start policy that sometimes succeeds
    std::vector<RewardSettings> rewards;   ///< empty: correctness with weight 1
};

}  // namespace retort
