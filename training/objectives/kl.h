// Estimators of the KL divergence between policy and reference, and the controller of its weight
// (algorithms.md a.2).
#pragma once

#include <string>

#include "training/tensor.h"

namespace retort {

/// With ℓ = logprobs - reference: k1 = ℓ, k2 = ℓ²/2, k3 = e^-ℓ + ℓ - 1. The "+" variants (verl) have the
/// value of k1 or k3 and the gradient of k2, the only one of the three whose expectation on-policy is the
/// KL's gradient: that of k1 is zero, that of k3 belongs to the reverse divergence.
enum class KlEstimator { K1, K2, K3, K1Plus, K3Plus };
KlEstimator klEstimatorFrom(const std::string& name);  ///< "k1", "k2", "k3", "k1+", "k3+"; throws Error

/// Per token, of the shape of `logprobs`; differentiable with respect to it.
torch::Tensor klEstimate(KlEstimator estimator, const torch::Tensor& logprobs,
                         const torch::Tensor& reference);

/// Weight of the KL: fixed, or steered so that the measured KL comes near a target (Ziegler et al. 2019, as
/// in verl): coefficient *= 1 + clip(kl / target - 1, ±0.2) · samples / horizon.
class KlController {
  public:
    /// `target` 0: fixed.
    KlController(double coefficient, double target, double horizon)
        : m_coefficient(coefficient), m_target(target), m_horizon(horizon) {}

    double coefficient() const { return m_coefficient; }
    void setCoefficient(double coefficient) { m_coefficient = coefficient; }
    /// After a step whose mean KL (a token) was `kl` over `samples` completions.
    void update(double kl, double samples);

  private:
    double m_coefficient, m_target, m_horizon;
};

}  // namespace retort
