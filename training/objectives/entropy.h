// What a policy's entropy is used for besides being watched: a bonus in the loss, and choosing the tokens
// that bear the policy loss.
#pragma once

#include "training/tensor.h"

namespace retort {

/// Weight of the entropy bonus: fixed, or adaptive (Skywork-OR1, as in TRL): raised by `delta` after each
/// step whose entropy is at or under the target, lowered after the others, and applied only while it is at or
/// under the target.
class EntropyController {
  public:
    struct Settings {
        double coefficient = 0;
        bool adaptive = false;
        double minimum = 0, maximum = 1, delta = 0.005, target = 0.2;
    };
    explicit EntropyController(const Settings& settings)
        : m_settings(settings), m_coefficient(settings.coefficient) {}

    /// What the next step's loss uses.
    double applied() const {
        return m_settings.adaptive && m_lastEntropy > m_settings.target ? 0 : m_coefficient;
    }
    bool isOff() const { return !m_settings.adaptive && m_settings.coefficient == 0; }
    /// After a step; `entropy`: mean over its tokens, nats.
    void update(double entropy);

    double coefficient() const { return m_coefficient; }
    double lastEntropy() const { return m_lastEntropy; }
    void restore(double coefficient, double lastEntropy);

  private:
    Settings m_settings;
    double m_coefficient, m_lastEntropy = 0;  ///< before the first step the bonus is applied, as in TRL
};

/// 1 for the share `quantile` of the tokens with the highest entropy, 0 for the others (TRL's
/// top_entropy_quantile: at or above the (1 - quantile) quantile, linearly interpolated).
torch::Tensor highEntropyMask(const torch::Tensor& entropies, double quantile);

}  // namespace retort
