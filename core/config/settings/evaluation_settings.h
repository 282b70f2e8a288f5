// How a run is evaluated, and which traces it keeps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace retort {

struct EvaluationSettings {
    std::int64_t eval_steps = 200;    ///< 0: at the end only
    std::int64_t num_problems = 128;  ///< held out, per task
    std::int64_t num_samples = 1;     ///< completions per problem
    double temperature = 0.0;         ///< 0: greedy
    std::vector<std::int64_t> pass_at = {1};
    std::vector<std::int64_t> maj_at;       ///< the k of maj@k
    std::vector<std::int64_t> best_at;      ///< the N of best-of-N, chosen by the verifier
    std::vector<std::int64_t> weighted_at;  ///< the N of votes weighted by the verifier
    std::string verifier;  ///< checkpoint of a reward model or process reward model; empty: none
    std::string verifier_score =
        "min";                        ///< of a process reward model's step scores: "min", "last", "product"
    std::int64_t beam_size = 0;       ///< solutions kept a step of value-guided beam search; 0: no search
    std::int64_t beam_expansion = 4;  ///< next steps sampled for each of them
    std::int64_t num_particles = 0;   ///< of particle filtering; 0: none
    std::string particle_resampling = "systematic";  ///< or "multinomial"
    double particle_temperature = 1.0;               ///< divides the logits of the values
    /// N for which everything is measured that the verifier can choose by.
    std::vector<std::int64_t> search_budgets;
    std::int64_t bootstrap_samples = 1000;
    std::int64_t max_completion_length = 128;
    std::int64_t traces = 16;  ///< evaluation traces kept per task and evaluation
    std::int64_t trees = 8;    ///< problems per task and evaluation whose search trees are kept
};

struct TraceSettings {
    std::int64_t every_steps = 1;      ///< grpo: log rollouts of every n-th step
    std::int64_t groups_per_step = 2;  ///< grpo: how many prompts' groups
    bool token_arrays = true;          ///< per-token log-probability and entropy
};

}  // namespace retort
