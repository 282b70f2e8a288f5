// Learning from preferences: where the pairs come from, and the objectives that are trained on them. Names
// and defaults are TRL's.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace retort {

struct PairSettings {
    /// "file", "error_injection" (#15), "self_sampling" (#113), "first_bad_step" (#225), "shortest_correct"
    /// (#110)
    std::string source = "error_injection";
    std::string file;               ///< JSONL: prompt, chosen, rejected (kto also prompt, completion, label)
    std::int64_t round_steps = 50;  ///< sampled sources: pairs are sampled anew every so many steps
    std::int64_t prompts_per_round = 256;  ///< sampled sources
    std::int64_t num_generations = 4;      ///< sampled sources: completions a prompt
    std::int64_t max_completion_length = 128;
    double temperature = 1.0;
    double top_p = 1.0;
    double sampled_share = 0;  ///< error_injection: share of the pairs that are the policy's own (#15)
    std::string step_values = "checker";  ///< first_bad_step: "checker", "monte_carlo"
    std::int64_t step_rollouts = 8;       ///< monte_carlo: completions from the end of each step
    double step_drop = 0.5;               ///< monte_carlo: the bad step lowers the rate of success by as much
};

struct DpoSettings {
    std::vector<std::string> loss_type = {"sigmoid"};
    std::vector<double> loss_weights;  ///< one a loss_type; empty: 1 each
    double beta = 0.1;
    double label_smoothing = 0;
    double discopop_tau = 0.05;
    bool precompute_ref_log_probs = false;
    bool sync_ref_model = false;
    double ref_model_mixup_alpha = 0.6;
    std::int64_t ref_model_sync_steps = 512;
};

struct SimpoSettings {
    double beta = 0.1;
    double simpo_gamma = 0.5;
    double cpo_alpha =
        0;  ///< weight of the cross entropy on the chosen completions; TRL's CPO has 1, SimPO 0
    double label_smoothing = 0;
};

struct OrpoSettings {
    double beta = 0.1;
};

struct KtoSettings {
    std::string loss_type = "kto";  ///< "kto", "apo_zero_unpaired"
    double beta = 0.1;
    double desirable_weight = 1;
    double undesirable_weight = 1;
};

/// REDI (#127): the names of its authors' program.
struct RediSettings {
    double reinforce_chosen_coef = 1.0;
    double reinforce_rejected_coef = 0.8;
};

}  // namespace retort
