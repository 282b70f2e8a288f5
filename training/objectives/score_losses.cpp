#include "training/objectives/score_losses.h"

#include <algorithm>

namespace retort {

ValueLoss valueLoss(const torch::Tensor& values, const torch::Tensor& oldValues, const torch::Tensor& returns,
                    double range, double tokens) {
    const torch::Tensor near = torch::maximum(torch::minimum(values, oldValues + range), oldValues - range);
    const torch::Tensor plain = (values - returns).square(), clipped = (near - returns).square();
    ValueLoss result;
    result.loss = torch::maximum(plain, clipped).sum() / (2 * std::max(tokens, 1.0));
    result.clipped = (clipped > plain).sum().item<double>();
    return result;
}

torch::Tensor rewardModelLoss(const torch::Tensor& chosen, const torch::Tensor& rejected, double centre,
                              double pairs) {
    torch::Tensor loss = -torch::log_sigmoid(chosen - rejected).sum();
    if (centre != 0) loss = loss + centre * (chosen + rejected).square().sum();
    return loss / std::max(pairs, 1.0);
}

torch::Tensor stepLabelLoss(const torch::Tensor& scores, const torch::Tensor& targets, double labels) {
    return torch::log_softmax(scores, -1).gather(1, targets.unsqueeze(1)).sum() / -std::max(labels, 1.0);
}

}  // namespace retort
