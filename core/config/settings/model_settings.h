// Which model and tokenizer a run starts from.
#pragma once

#include <cstdint>
#include <string>

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

}  // namespace retort
