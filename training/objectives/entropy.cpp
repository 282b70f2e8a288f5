#include "training/objectives/entropy.h"

#include <algorithm>

namespace retort {

void EntropyController::update(double entropy) {
    m_lastEntropy = entropy;
    if (!m_settings.adaptive) return;
    m_coefficient = entropy <= m_settings.target
                        ? std::min(m_coefficient + m_settings.delta, m_settings.maximum)
                        : std::max(m_coefficient - m_settings.delta, m_settings.minimum);
}

void EntropyController::restore(double coefficient, double lastEntropy) {
    m_coefficient = coefficient;
    m_lastEntropy = lastEntropy;
}

torch::Tensor highEntropyMask(const torch::Tensor& entropies, double quantile) {
    const torch::Tensor values = entropies.detach();
    if (values.numel() == 0) return torch::ones_like(values);
    // Sorted by hand: at::quantile refuses more than 16 million values.
    const torch::Tensor sorted = std::get<0>(values.to(torch::kFloat64).sort());
    const double place = (1 - quantile) * double(values.numel() - 1);
    const auto below = std::int64_t(place);
    const std::int64_t above = std::min(below + 1, values.numel() - 1);
    const double low = sorted[below].item<double>(), high = sorted[above].item<double>();
    const double threshold = low + (high - low) * (place - double(below));
    return values.ge(threshold).to(values.scalar_type());
}

}  // namespace retort
