// A run's configuration as the trainer uses it. The YAML file and the form are two views of it; the
// parameters' declarations (recipes.cpp) bind each field to its path, default, range and help.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/util/json.h"

namespace retort {

/// A new decoder in the Llama/Qwen shape, or an existing checkpoint to start from. Names are those of
/// config.json.
struct ModelSettings {
    std::string from;  ///< a checkpoint folder; empty: a new model of the shape below
    std::int64_t hidden_size = 128;
    std::int64_t num_hidden_layers = 4;
    std::int64_t num_attention_heads = 4;
    std::int64_t num_key_value_heads = 4;
    std::int64_t head_dim = 0;  ///< 0: hidden_size / num_attention_heads
    std::int64_t intermediate_size = 352;
    std::string position_embedding = "rope";  ///< "rope", "learned", "none" (NoPE)
    double rope_theta = 10000;
    std::int64_t max_position_embeddings = 512;
    bool attention_bias = false;  ///< QKV bias as in Qwen2
    bool qk_norm = false;         ///< RMSNorm on queries and keys as in Qwen3
    bool tie_word_embeddings = true;
    double rms_norm_eps = 1e-6;
    double initializer_range = 0.02;
};

struct TokenizerSettings {
    std::string kind = "character";  ///< "character" or "bpe"
    std::int64_t vocab_size = 512;   ///< bpe: size to train to
};

/// One entry of data.tasks or evaluation.tasks. `parameters` are those that the task kind declares
/// (core/tasks/).
struct TaskSettings {
    std::string task;         ///< kind: "addition", "modular_chain" …
    std::string name;         ///< label in metrics; empty: the kind
    double weight = 1;        ///< share in the mixture, relative to the others
    double worked_share = 1;  ///< share of training examples whose completion shows its working
    Json parameters = Json::object();
};

/// User data: JSONL with prompt/completion or problem/answer fields (traces.md b.4, b.11).
struct FileSettings {
    std::string path;
    std::string prompt_field, completion_field, answer_field;  ///< empty: recognised by the usual names
    double weight = 1;
    double held_out_share = 0.1;  ///< of the rows, by hash of the prompt
    std::string verifier = "math";  ///< how answers are compared: "math" (core/answers), "exact" (text or number)
};

struct DataSettings {
    std::vector<TaskSettings> tasks;
    std::vector<FileSettings> files;
};

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
    std::string precision = "auto";  ///< "auto" (measured at start), "fp32", "bf16"
    std::int64_t num_threads = 0;    ///< 0: chosen by load
    std::int64_t logging_steps = 1;
    std::int64_t save_steps = 200;      ///< 0: at the end only
    std::int64_t save_total_limit = 3;  ///< older checkpoints are removed; 0: keep all
};

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

struct EvaluationSettings {
    std::int64_t eval_steps = 200;    ///< 0: at the end only
    std::int64_t num_problems = 128;  ///< held out, per task
    std::int64_t num_samples = 1;     ///< completions per problem
    double temperature = 0.0;         ///< 0: greedy
    std::vector<std::int64_t> pass_at = {1};
    std::int64_t max_completion_length = 128;
    std::int64_t traces = 16;  ///< evaluation traces kept per task and evaluation
};

struct TraceSettings {
    std::int64_t every_steps = 1;      ///< grpo: log rollouts of every n-th step
    std::int64_t groups_per_step = 2;  ///< grpo: how many prompts' groups
    bool token_arrays = true;          ///< per-token log-probability and entropy
};

struct RunConfig {
    std::string recipe = "sft";
    std::string name = "run";
    std::string study;
    std::vector<std::string> tags;
    std::int64_t seed = 1;
    ModelSettings model;
    TokenizerSettings tokenizer;
    DataSettings data;
    TrainingSettings training;
    GrpoSettings grpo;
    EvaluationSettings evaluation;
    TraceSettings traces;
};

}  // namespace retort
