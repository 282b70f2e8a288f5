// The decoder: Llama/Qwen shape (RMSNorm, RoPE, grouped-query attention, SwiGLU; optional QKV bias, QK-norm,
// tied embeddings; learned positions or none) or GPT-2. Sequences are packed: no padding anywhere.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/formats/safetensors.h"
#include "training/model/model_shape.h"
#include "training/tensor.h"

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
/// distribution (nats), whether the target is the arg max, the largest and the mean logit. Log-probabilities
/// are taken on logits / temperature and carry gradients, entropies only where that is asked for; those
/// logits are the model's own. Always on the CPU, whatever device the model is on.
struct TokenScores {
    torch::Tensor logprobs;    ///< [M] float32, differentiable
    torch::Tensor entropies;   ///< [M] float32
    torch::Tensor hits;        ///< [M] bool
    torch::Tensor maxLogits;   ///< [M] float32, no gradient
    torch::Tensor meanLogits;  ///< [M] float32, over the vocabulary; no gradient
};

enum class Precision { Float32, BFloat16 };

class LoraAdapter;

class CausalLM : public torch::nn::Module {
  public:
    /// New weights from `seed` (normal, initializerRange; residual projections scaled by 1/sqrt(2·layers)).
    CausalLM(const ModelShape& shape, std::uint64_t seed);

    /// Reads config.json and the weights (one file or shards; F32, F16, BF16) of a checkpoint folder. Throws
    /// Error (missing, truncated, wrong shapes). Takes little memory beside the model's own.
    static std::shared_ptr<CausalLM> load(const std::filesystem::path& folder);
    /// Writes config.json and the weights in the Hugging Face layout into an existing folder; an adapter is
    /// merged.
    void save(const std::filesystem::path& folder, Dtype dtype = Dtype::Float32) const;
    /// What config.json says of the end-of-sequence and padding tokens; -1: no padding token. A loaded model
    /// has its own.
    void setSpecialTokens(std::vector<std::int32_t> eosIds, std::int32_t padId);
    const std::vector<std::int32_t>& eosIds() const;

    const ModelShape& shape() const { return m_shape; }
    /// Linear layers run in this precision; parameters, norms, softmax and gradients stay float32.
    void setPrecision(Precision precision);
    Precision precision() const { return m_precision; }
    /// Keeps each layer's input alone between forward and backward, and computes the rest again: less memory,
    /// about a third more time, the same numbers.
    void setCheckpointing(bool checkpointing);
    /// Moves parameters and adapter; gradients and optimizers made before do not follow.
    void setDevice(const torch::Device& device);
    torch::Device device() const;

    /// Freezes the parameters and trains `adapter` instead; null: takes it off again.
    void setAdapter(std::shared_ptr<LoraAdapter> adapter);
    std::shared_ptr<LoraAdapter> adapter() const;
    /// Adds the adapter to the parameters and takes it off.
    void mergeAdapter();

    /// Final hidden states [N, hidden], after the last norm.
    torch::Tensor hidden(const PackedBatch& batch);
    /// [N, vocab] float32.
    torch::Tensor logits(const PackedBatch& batch);
    /// Forward with the fused output layer: never holds all logits and their gradient at once where it can
    /// help it. `entropyGradient`: entropies carry gradients, too; outside of the fused engine that keeps [M,
    /// vocab] in memory.
    TokenScores score(const PackedBatch& batch, double temperature = 1.0, bool entropyGradient = false);

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

    /// What an optimizer updates: the flat parameters, or the adapter's.
    torch::Tensor trainableParameters() const;
    /// Its gradient; undefined before the first backward pass.
    torch::Tensor trainableGradients() const;
    const std::vector<WeightSlice>& trainableSlices() const;
    /// Views into a buffer of the trainable parameters' size, by name.
    std::vector<std::pair<std::string, torch::Tensor>> trainableViews(const torch::Tensor& flat) const;
    /// The flat parameters with the adapter in them, without gradient; only valid until either changes.
    torch::Tensor effectiveParameters() const;

    /// Called with (name, tensor) for activations "layers.0.input", "layers.0.attention", "layers.0.mlp",
    /// "final" in forward, and with "grad/…" for their gradients in backward. Empty: none (and no cost).
    using Hook = std::function<void(const std::string& name, const torch::Tensor& value)>;
    void setHook(Hook hook);

    /// Runs the plain-ATen forward even where the fused one could (tests compare the two).
    void setReference(bool reference);
    /// Memory that the fused forward pass kept for backward, at most so far; in bytes.
    std::size_t activationBytes() const;

    struct Impl;

  private:
    explicit CausalLM(const ModelShape& shape);  // weights zero

    ModelShape m_shape;
    Precision m_precision = Precision::Float32;
    std::shared_ptr<Impl> m_impl;
};

}  // namespace retort
