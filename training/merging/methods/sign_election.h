// TIES's sign election (arXiv:2306.01708), a chunk at a time.
#pragma once

#include <cstddef>

namespace retort {

/// +1 where the sum is not negative, else −1.
inline void electSigns(const float* __restrict sum, std::size_t count, float* __restrict sign) {
    for (std::size_t i = 0; i < count; ++i) sign[i] = sum[i] >= 0 ? 1.0f : -1.0f;
}

/// Adds x to `sum` and `weight` to `divisor` where x has the elected sign; an exact zero has none.
inline void addElected(const float* __restrict x, const float* __restrict sign, float weight,
                       std::size_t count, float* __restrict sum, float* __restrict divisor) {
    for (std::size_t i = 0; i < count; ++i) {
        const float agrees = x[i] * sign[i] > 0 ? 1.0f : 0.0f;
        sum[i] += x[i] * agrees;
        divisor[i] += weight * agrees;
    }
}

}  // namespace retort
