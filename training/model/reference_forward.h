// The decoder in plain ATen operations, differentiated by autograd: the path for devices other than the CPU,
// for GPT-2, for hooks and for adapters with dropout, and what the fused kernels are tested against. Works in
// any floating-point type.
#pragma once

#include "training/model/causal_lm.h"
#include "training/model/key_cache.h"
#include "training/model/weight_layout.h"

namespace retort {

class LoraAdapter;

struct ReferenceForward {
    const ModelShape& shape;
    const WeightLayout& layout;
    Precision precision;
    const CausalLM::Hook& hook;
    /// Layers keep their input alone and are computed again in backward (activation checkpointing).
    bool checkpointing = false;
    /// Adds its branch to the projections, with dropout; null: none, or it is in the weights already.
    const LoraAdapter* adapter = nullptr;
    std::uint64_t pass = 0;  ///< number of this forward pass for the adapter's dropout

    /// Final hidden states [N, hidden]; `flat` is the flat parameter buffer (any floating type, any device).
    torch::Tensor hidden(const torch::Tensor& flat, const PackedBatch& batch) const;
    /// The same, and keys and values go into `cache`, whose rows are the batch's sequences.
    torch::Tensor fill(const torch::Tensor& flat, const PackedBatch& batch, KeyCache& cache) const;
    /// One more token of each row of `cache`: ids and positions [rows] int64, on the device; [rows, hidden].
    torch::Tensor next(const torch::Tensor& flat, const torch::Tensor& ids, const torch::Tensor& positions,
                       KeyCache& cache) const;
    /// Rows of hidden states through the output layer: [M, vocab], not below float32.
    torch::Tensor logits(const torch::Tensor& flat, const torch::Tensor& rows) const;

  private:
    struct Geometry;
    class Weights;

    Geometry geometryOf(const PackedBatch& batch, const torch::TensorOptions& options) const;
    torch::Tensor run(const torch::Tensor& flat, const Geometry& geometry) const;
    torch::Tensor layer(std::size_t index, const torch::Tensor& x, const torch::Tensor& span,
                        const torch::Tensor& adapterFlat, const Geometry& geometry) const;
    torch::Tensor attention(std::size_t index, const torch::Tensor& x, const Weights& weights,
                            const torch::Tensor& adapterFlat, const Geometry& geometry) const;
    torch::Tensor mlp(std::size_t index, const torch::Tensor& x, const Weights& weights,
                      const torch::Tensor& adapterFlat) const;
    torch::Tensor norm(const torch::Tensor& x, const Weights& weights, std::int64_t weight,
                       std::int64_t bias) const;
    torch::Tensor project(const torch::Tensor& x, const Weights& weights, std::int64_t weight,
                          std::int64_t bias, std::int64_t rows, std::int64_t columns,
                          const torch::Tensor& adapterFlat) const;
};

/// Log-probabilities, entropies and hits of `targets` under softmax(logits / temperature).
TokenScores scoreLogits(const torch::Tensor& logits, const torch::Tensor& targets, double temperature,
                        bool entropyGradient = false);

}  // namespace retort
