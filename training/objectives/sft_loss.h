// Cross entropy of supervised training.
#pragma once

#include "training/tensor.h"

namespace retort {

/// -Σ log p(target) / `targetsInStep`. Divided by the targets of the whole optimizer step, not of this
/// micro-batch, so that the split into accumulation steps does not change the gradient.
torch::Tensor sftLoss(const torch::Tensor& targetLogprobs, double targetsInStep);

/// The same weighted by each target's own probability, held fixed: -Σ sg(p)·log p (DFT).
torch::Tensor dftLoss(const torch::Tensor& targetLogprobs, double targetsInStep);

}  // namespace retort
