// The fused CPU engine as autograd functions of the flat parameter buffer.
#pragma once

#include <memory>

#include "training/model/causal_lm.h"
#include "training/model/weight_layout.h"

namespace retort {

class FusedEngine {
  public:
    FusedEngine(const ModelShape& shape, const WeightLayout& layout);
    ~FusedEngine();

    /// Final hidden states [N, hidden], differentiable with respect to `flat` (float32, CPU).
    torch::Tensor hidden(const torch::Tensor& flat, const PackedBatch& batch);
    TokenScores score(const torch::Tensor& flat, const PackedBatch& batch, double temperature);

    /// Keeps only the residual stream between forward and backward, and computes the rest again.
    void setCheckpointing(bool checkpointing);
    /// Of the largest set of kept activations so far.
    std::size_t activationBytes() const;

    struct State;

  private:
    std::shared_ptr<State> m_state;
};

}  // namespace retort
