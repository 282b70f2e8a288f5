// A tiny policy that works short chains out, right in some cases and wrong in others: what is judged needs
// both.
#pragma once

namespace retort {

inline const char* const chainPolicy =
    "recipe: sft\n"
    "name: policy\n"
    "model: {hidden_size: 32, num_hidden_layers: 2, num_attention_heads: 2, num_key_value_heads: 2,\n"
    "        intermediate_size: 64, max_position_embeddings: 64}\n"
    "data: {tasks: [{task: modular_chain, worked_share: 1, min_operations: 2, max_operations: 3, modulus: "
    "3}]}\n"
    "training: {max_steps: 120, batch_size: 16, max_length: 48, learning_rate: 5.0e-3, warmup_steps: 1,\n"
    "           precision: fp32, num_threads: 1}\n"
    "evaluation: {eval_steps: 0, num_problems: 24, num_samples: 2, temperature: 1, traces: 24,\n"
    "             max_completion_length: 40}\n";

}  // namespace retort
