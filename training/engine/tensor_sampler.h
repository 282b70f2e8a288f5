// Draws the next token of many rows at once with LibTorch's operations, on the device where the logits are;
// the same choices as Sampler's, up to rounding.
#pragma once

#include <cstdint>

#include "training/engine/sampling.h"
#include "training/tensor.h"

namespace retort {

/// One step's choices, on the device: [rows] each.
struct TensorChoices {
    torch::Tensor tokens;     ///< int64
    torch::Tensor logprobs;   ///< float32, under softmax(logits / temperature), before top-k and top-p
    torch::Tensor entropies;  ///< float32, of that distribution, in nats; undefined unless asked for
};

class TensorSampler {
  public:
    /// As Sampler's: only the first `choosable` tokens are drawn. Throws Error for settings out of range.
    TensorSampler(const SamplingSettings& settings, std::int64_t choosable);

    /// `logits` [rows, vocab] float32; `uniforms` [rows] float64 in [0, 1), on the same device.
    TensorChoices choose(const torch::Tensor& logits, const torch::Tensor& uniforms) const;

  private:
    torch::Tensor filtered(torch::Tensor weights) const;

    double m_temperature, m_topP;
    std::int64_t m_topK, m_choosable;
    bool m_entropy;
};

}  // namespace retort
