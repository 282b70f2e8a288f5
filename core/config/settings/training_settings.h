// How a run trains.
#pragma once

#include <cstdint>
#include <string>

namespace retort {

struct TrainingSettings {
    std::int64_t max_steps = 1000;
    std::int64_t batch_size = 64;  ///< sequences (sft) per optimizer step and accumulation step
    std::int64_t gradient_accumulation_steps = 1;
    std::int64_t max_length = 256;  ///< tokens; longer examples are dropped, and counted
    bool completion_only_loss = true;
    double learning_rate = 1e-3;
    std::string lr_scheduler_type = "cosine";  ///< "constant", "cosine", "linear", "wsd"
    std::int64_t warmup_steps = 50;
    double min_lr_ratio = 0.0;  ///< final learning rate / learning_rate
    double decay_share = 0.3;   ///< wsd: share of the steps that decays at the end
    double weight_decay = 0.1;
    double adam_beta1 = 0.9, adam_beta2 = 0.95, adam_epsilon = 1e-8;
    double max_grad_norm = 1.0;
    std::string precision = "auto";       ///< "auto" (measured at start), "fp32", "bf16"
    std::string device = "auto";          ///< "auto" (CUDA where LibTorch has it), "cpu", "cuda"
    bool gradient_checkpointing = false;  ///< layers are computed again in backward instead of kept
    std::string rollout_precision =
        "fp32";                    ///< of the weights that completions are sampled with: "fp32", "bf16"
    std::int64_t num_threads = 0;  ///< 0: chosen by load
    std::int64_t logging_steps = 1;
    std::int64_t save_steps = 200;      ///< 0: at the end only
    std::int64_t save_total_limit = 3;  ///< older checkpoints are removed; 0: keep all
};

}  // namespace retort
