// A configuration with which the command line trains in a moment.
#pragma once

#include <string>

namespace retort::test {

inline std::string tinyConfig(int steps, int threads = 1) {
    return "recipe: sft\nname: tiny\n"
           "model: {hidden_size: 16, num_hidden_layers: 1, num_attention_heads: 2, num_key_value_heads: 1,\n"
           "        intermediate_size: 24, max_position_embeddings: 64}\n"
           "data: {tasks: [{task: addition, max_digits: 1, format: plain}]}\n"
           "training: {max_steps: " +
           std::to_string(steps) + ", batch_size: 4, max_length: 32, warmup_steps: 1, precision: fp32,\n" +
           "           num_threads: " + std::to_string(threads) +
           "}\n"
           "evaluation: {eval_steps: 0, num_problems: 4, max_completion_length: 8}\n";
}

}  // namespace retort::test
