// Losses of models that give numbers instead of tokens: values, rewards, verdicts on steps.
#pragma once

#include "training/tensor.h"

namespace retort {

struct ValueLoss {
    torch::Tensor loss;  ///< ½ Σ max((V - R)², (clip(V, V_old ± range) - R)²) / tokens
    double clipped = 0;  ///< tokens at which the clipped one was the larger
};
/// One entry a token. `tokens`: those of the whole optimizer step.
ValueLoss valueLoss(const torch::Tensor& values, const torch::Tensor& oldValues, const torch::Tensor& returns,
                    double range, double tokens);

/// Bradley-Terry: -log σ(chosen - rejected) + centre · (chosen + rejected)², summed and divided by `pairs`,
/// those of the whole optimizer step. One entry a pair.
torch::Tensor rewardModelLoss(const torch::Tensor& chosen, const torch::Tensor& rejected, double centre,
                              double pairs);

/// Cross entropy of labels (1 right, 0 wrong) at the tokens that bear one, divided by `labels`, those of the
/// whole optimizer step. `scores` [M, 2], `targets` [M] int64.
torch::Tensor stepLabelLoss(const torch::Tensor& scores, const torch::Tensor& targets, double labels);

}  // namespace retort
