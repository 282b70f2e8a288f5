// The decoder: Llama/Qwen shape (RMSNorm, RoPE, grouped-query attention, SwiGLU; optional QKV bias, QK-norm,
// tied embeddings; learned positions or none). Sequences are packed: no padding anywhere.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "training/model/model_shape.h"

namespace retort {

/// Sequences laid end to end. N = total tokens, B = sequences. Attention never crosses a sequence's border.
struct PackedBatch {
    torch::Tensor ids;        ///< [N] int64
    torch::Tensor positions;  ///< [N] int64, restarting at 0 in each sequence
    torch::Tensor starts;     ///< [B+1] int32, offsets of the sequences in N; always on the CPU
    torch::Tensor targets;    ///< [N] int64: token to predict at each position; -100: no loss there
    std::int64_t maxLength = 0;

    /// `targets[b][i]` belongs to ids[b][i]; throws Error on unequal lengths.
    static PackedBatch pack(const std::vector<std::vector<std::int32_t>>& ids,
                            const std::vector<std::vector<std::int32_t>>& targets);
};

/// Per position with a target (M of them, in order of N): log-probability of the target, entropy of the
/// distribution (nats), whether the target is the arg max, the largest logit. Log-probabilities are taken on
/// logits / temperature and carry gradients; the largest logit is the model's own.
struct TokenScores {
    torch::Tensor logprobs;   ///< [M] float32, differentiable
    torch::Tensor entropies;  ///< [M] float32, no gradient
    torch::Tensor hits;       ///< [M] bool
    torch::Tensor maxLogits;  ///< [M] float32, no gradient
};

enum class Precision { Float32, BFloat16 };

class CausalLM : public torch::nn::Module {
  public:
    /// New weights from `seed` (normal, initializerRange; residual projections scaled by 1/sqrt(2·layers)).
    CausalLM(const ModelShape& shape, std::uint64_t seed);

    /// Reads config.json and model.safetensors of a checkpoint folder. Throws Error (missing, truncated,
    /// wrong shapes).
    static std::shared_ptr<CausalLM> load(const std::filesystem::path& folder);
    /// Writes config.json and model.safetensors in the Hugging Face layout into an existing folder.
    void save(const std::filesystem::path& folder) const;

    const ModelShape& shape() const { return m_shape; }
    /// Linear layers run in this precision; parameters, norms, softmax and gradients stay float32.
    void setPrecision(Precision precision);
    Precision precision() const { return m_precision; }

    /// Final hidden states [N, hidden], after the last norm.
    torch::Tensor hidden(const PackedBatch& batch);
    /// [N, vocab] float32.
    torch::Tensor logits(const PackedBatch& batch);
    /// Forward with the fused output layer: never holds all logits and their gradient at once where it can
    /// help it.
    TokenScores score(const PackedBatch& batch, double temperature = 1.0);

    /// Parameters by their Hugging Face names ("model.layers.0.self_attn.q_proj.weight"), in file order.
    /// The tensors are views of the training parameters: writing to them changes the model.
    std::vector<std::pair<std::string, torch::Tensor>> namedWeights() const;
    /// The same views into a buffer of the flat parameters' size (a gradient, an optimizer's moment).
    std::vector<std::pair<std::string, torch::Tensor>> namedViews(const torch::Tensor& flat) const;

    /// All weights in one float32 buffer: the module's only parameter, so the gradient's norm, clipping and
    /// the optimizer are single passes. Slices start at multiples of 16 floats; the gaps stay zero.
    torch::Tensor flatParameters() const;
    /// Its gradient; undefined before the first backward pass.
    torch::Tensor flatGradients() const;
    const std::vector<WeightSlice>& slices() const;

    /// Called with (name, tensor) for activations "layers.0.input", "layers.0.attention", "layers.0.mlp",
    /// "final" in forward, and with "grad/…" for their gradients in backward. Empty: none (and no cost).
    using Hook = std::function<void(const std::string& name, const torch::Tensor& value)>;
    void setHook(Hook hook);

    /// Runs the plain-ATen forward even where the fused one could (tests compare the two).
    void setReference(bool reference);

    struct Impl;

  private:
    explicit CausalLM(const ModelShape& shape);  // weights zero

    ModelShape m_shape;
    Precision m_precision = Precision::Float32;
    std::shared_ptr<Impl> m_impl;
};

}  // namespace retort
