// TIES's sign election (arXiv:2306.01708), a chunk at a time.
#pragma once

#include <cstddef>

namespace retort {

/// x becomes weight·x, which is added to `sum`.
void addWeighted(float* __restrict x, float weight, std::size_t count, float* __restrict sum);

/// +1 where the sum is not negative, else −1.
void electSigns(const float* __restrict sum, std::size_t count, float* __restrict sign);

/// Adds x to `sum` and `weight` to `divisor` where x has the elected sign; an exact zero has none.
void addElected(const float* __restrict x, const float* __restrict sign, float weight, std::size_t count,
                float* __restrict sum, float* __restrict divisor);

/// Divides by the sum of the weights that agreed; where none did, by 1.
void divideElected(const float* __restrict divisor, std::size_t count, float* __restrict sum);

}  // namespace retort
