#include "training/objectives/sft_loss.h"

#include <algorithm>

namespace retort {

torch::Tensor sftLoss(const torch::Tensor& targetLogprobs, double targetsInStep) {
    return targetLogprobs.sum() / -std::max(targetsInStep, 1.0);
}

torch::Tensor dftLoss(const torch::Tensor& targetLogprobs, double targetsInStep) {
    return (targetLogprobs.detach().exp() * targetLogprobs).sum() / -std::max(targetsInStep, 1.0);
}

}  // namespace retort
