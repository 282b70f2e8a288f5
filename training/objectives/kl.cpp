#include "training/objectives/kl.h"

#include <algorithm>

#include "core/util/error.h"

namespace retort {

KlEstimator klEstimatorFrom(const std::string& name) {
    if (name == "k1") return KlEstimator::K1;
    if (name == "k2") return KlEstimator::K2;
    if (name == "k3") return KlEstimator::K3;
    if (name == "k1+") return KlEstimator::K1Plus;
    if (name == "k3+") return KlEstimator::K3Plus;
    throw Error("unknown KL estimator '" + name + "'", "kl_estimator", "k1, k2, k3, k1+ or k3+");
}

torch::Tensor klEstimate(KlEstimator estimator, const torch::Tensor& logprobs,
                         const torch::Tensor& reference) {
    const torch::Tensor logRatio = logprobs - reference;
    const auto k2 = [&] { return logRatio.square() / 2; };
    const auto k3 = [&] { return torch::exp(-logRatio) + logRatio - 1; };
    const auto straightThrough = [&](const torch::Tensor& value) {
        const torch::Tensor gradient = k2();
        return gradient + (value - gradient).detach();
    };
    switch (estimator) {
        case KlEstimator::K1:
            return logRatio;
        case KlEstimator::K2:
            return k2();
        case KlEstimator::K1Plus:
            return straightThrough(logRatio);
        case KlEstimator::K3Plus:
            return straightThrough(k3());
        case KlEstimator::K3:
            break;
    }
    return k3();
}

void KlController::update(double kl, double samples) {
    if (m_target <= 0) return;
    const double error = std::clamp(kl / m_target - 1, -0.2, 0.2);
    m_coefficient *= 1 + error * samples / m_horizon;
}

}  // namespace retort
