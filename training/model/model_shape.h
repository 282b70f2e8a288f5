// What a model is, without LibTorch: the engine's kernels and the model's autograd side share it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/config/run_config.h"

namespace retort {

/// What a model is, as config.json has it.
struct ModelShape {
    std::int64_t vocabSize = 0, hiddenSize = 0, layers = 0, heads = 0, kvHeads = 0, headDim = 0,
                 intermediateSize = 0;
    std::int64_t maxPositions = 0;
    std::string positionEmbedding = "rope";
    double ropeTheta = 10000, rmsNormEps = 1e-6, initializerRange = 0.02;
    bool attentionBias = false, qkNorm = false, tieWordEmbeddings = true;

    static ModelShape fromSettings(const ModelSettings& settings, std::int64_t vocabSize);
    std::int64_t parameterCount() const;
    bool operator==(const ModelShape&) const = default;
};

/// One named weight inside the model's flat parameter buffer.
struct WeightSlice {
    std::string name;  ///< Hugging Face's ("model.layers.0.self_attn.q_proj.weight")
    std::vector<std::int64_t> shape;
    std::int64_t offset = 0, size = 0;
    bool decays = true;  ///< weight decay applies: matrices yes, norms and biases no
};

}  // namespace retort
