// config.json and generation_config.json of a decoder of the Llama, Qwen2, Qwen3 or GPT-2 family, as Hugging
// Face's `transformers` has them. Both generations of keys are written and read: v4 (rope_theta,
// rope_scaling, torch_dtype) and v5 (rope_parameters, dtype).
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/formats/rope_scaling.h"

namespace retort {

/// What one layer computes.
enum class DecoderBlock {
    Llama,  ///< RMSNorm, gated SiLU feed-forward; Qwen2 and Qwen3 too
    Gpt2,   ///< LayerNorm with bias, gelu_new feed-forward, biases on every projection, weights stored [in,
            ///< out]
};

struct HfConfig {
    DecoderBlock block = DecoderBlock::Llama;
    std::int64_t vocabSize = 0, hiddenSize = 0, layers = 0, heads = 0, kvHeads = 0, headDim = 0,
                 intermediateSize = 0;
    std::int64_t maxPositions = 512;
    std::string positionEmbedding = "rope";  ///< "rope", "learned" (always with Gpt2), "none"
    double ropeTheta = 10000;
    RopeScaling ropeScaling;
    double rmsNormEps = 1e-6;  ///< of the norms, also where they are LayerNorms
    double initializerRange = 0.02;
    bool attentionBias =
        false;            ///< biases on q, k and v (not on o): Qwen2. Gpt2 has its own, and false here.
    bool qkNorm = false;  ///< RMSNorm on queries and keys: Qwen3
    bool tieWordEmbeddings = true;
    std::string dtype = "float32";     ///< of the stored weights
    std::int32_t bosId = -1;           ///< -1: none
    std::vector<std::int32_t> eosIds;  ///< from generation_config.json where there is one
    std::int32_t padId = -1;           ///< -1: none

    /// "gpt2", "qwen3", "qwen2", "llama"; "retort" for what no class of `transformers` computes: learned or
    /// no positions in a Llama block, QKV bias together with QK norms.
    std::string modelType() const;

    bool operator==(const HfConfig&) const = default;
};

/// Reads a checkpoint folder. Throws Error for a missing or damaged file, and for a model that Retort would
/// compute wrongly (another architecture, sliding windows, biases elsewhere, another activation, quantised
/// weights).
HfConfig readHfConfig(const std::filesystem::path& folder);

/// Writes config.json and generation_config.json into an existing folder.
void writeHfConfig(const std::filesystem::path& folder, const HfConfig& config);

}  // namespace retort
