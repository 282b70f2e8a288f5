// The decoder in plain ATen operations, differentiated by autograd: the path for devices other than the CPU,
// for hooks, and what the fused kernels are tested against. Works in any floating-point type.
#pragma once

#include "training/model/causal_lm.h"
#include "training/model/weight_layout.h"

namespace retort {

struct ReferenceForward {
    const ModelShape& shape;
    const WeightLayout& layout;
    Precision precision;
    const CausalLM::Hook& hook;

    /// Final hidden states [N, hidden]; `flat` is the flat parameter buffer (any floating type, any device).
    torch::Tensor hidden(const torch::Tensor& flat, const PackedBatch& batch) const;
    /// Rows of hidden states through the output layer: [M, vocab], not below float32.
    torch::Tensor logits(const torch::Tensor& flat, const torch::Tensor& rows) const;
};

/// Log-probabilities, entropies and hits of `targets` under softmax(logits / temperature).
TokenScores scoreLogits(const torch::Tensor& logits, const torch::Tensor& targets, double temperature);

/// cos and sin of the rotary angles, [positions, headDim / 2] each, float32.
std::pair<torch::Tensor, torch::Tensor> rotaryTables(const ModelShape& shape, std::int64_t positions);

}  // namespace retort
