// Models that judge: reward models (Bradley-Terry) and process reward models. Names and defaults are TRL's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace retort {

struct RewardModelSettings {
    double center_rewards_coefficient =
        0;  ///< weight of (chosen + rejected)², which centres rewards at 0; 0: none
};

struct PrmSettings {
    /// "sampled": completions of the start policy, judged by the task's step checker; "file": TRL's stepwise
    /// format.
    std::string source = "sampled";
    std::string file;                   ///< JSONL: prompt, completions, labels
    std::string step_separator = "\n";  ///< file: follows each step, and its last token bears the label
    std::string labels = "step";        ///< "step", or "outcome" at every token (outcome value model)
    bool train_on_last_step_only = false;
    std::int64_t num_prompts = 256;    ///< sampled
    std::int64_t num_generations = 4;  ///< sampled: completions a prompt
    std::int64_t max_completion_length = 128;
    double temperature = 1.0;
};

}  // namespace retort
