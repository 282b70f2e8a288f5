// TensorBoard's smoothing: an exponential moving average without the pull of its start at zero.
#pragma once

#include <cmath>
#include <cstdint>

namespace retort {

/// Feed values in order; each append is O(1). Non-finite values pass through and leave the average as it was;
/// a series that has been constant so far stays exactly what it is (a running average would round it).
class DebiasedEma {
  public:
    /// `weight` of the past: 0 is no smoothing, 0.6 TensorBoard's default, at most 0.9999.
    explicit DebiasedEma(double weight) : m_weight(weight < 0 ? 0 : weight > 0.9999 ? 0.9999 : weight) {}

    double add(double value) {
        if (!std::isfinite(value)) return value;
        if (m_count == 0) m_first = value;
        m_constant = m_constant && value == m_first;
        m_average = m_average * m_weight + (1 - m_weight) * value;
        m_remaining *= m_weight;
        ++m_count;
        return m_constant ? value : m_average / (1 - m_remaining);
    }

  private:
    double m_weight, m_average = 0, m_first = 0;
    double m_remaining = 1;  // weight^count
    std::int64_t m_count = 0;
    bool m_constant = true;
};

}  // namespace retort
