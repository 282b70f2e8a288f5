// Formulas run over chunks that stay in the first-level cache: each input is read from memory once, and
// nothing of the tensor's size is allocated. Plain loops that the compiler vectorises (-O3). Products are not
// contracted into FMA (-ffp-contract=off): a sign election on x·w + y·w must see what mergekit's separate
// sums see.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace retort {

/// Elements of a chunk: 4 KiB of each model.
constexpr std::size_t mergeChunk = 1024;

/// Calls function(first, count) for consecutive pieces of [0, size).
template <class Function>
void forChunks(std::size_t size, Function function) {
    for (std::size_t first = 0; first < size; first += mergeChunk)
        function(first, std::min(mergeChunk, size - first));
}

/// A model's values, minus the base's where there is a base: what most formulas compute with.
struct Delta {
    const float* values = nullptr;
    const float* base = nullptr;  ///< nullptr: the values themselves
    std::size_t size = 0;
};

inline void readDelta(const Delta& delta, std::size_t first, std::size_t count, float* __restrict out) {
    const float* __restrict x = delta.values + first;
    if (!delta.base) {
        std::copy_n(x, count, out);
        return;
    }
    const float* __restrict b = delta.base + first;
    for (std::size_t i = 0; i < count; ++i) out[i] = x[i] - b[i];
}

inline void scale(float* __restrict x, float factor, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) x[i] *= factor;
}
inline void add(float* __restrict sum, const float* __restrict x, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) sum[i] += x[i];
}
inline void addScaled(float* __restrict sum, const float* __restrict x, float factor, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) sum[i] += x[i] * factor;
}

/// Σ x·y in double, in eight lanes so that it vectorises without -ffast-math.
inline double dotProduct(const float* __restrict x, const float* __restrict y, std::size_t count) {
    double lanes[8] = {};
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8)
        for (std::size_t j = 0; j < 8; ++j) lanes[j] += double(x[i + j]) * double(y[i + j]);
    double sum = 0;
    for (; i < count; ++i) sum += double(x[i]) * double(y[i]);
    for (const double lane : lanes) sum += lane;
    return sum;
}

/// Σ |x| in double.
inline double absoluteSum(const float* __restrict x, std::size_t count) {
    double lanes[8] = {};
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8)
        for (std::size_t j = 0; j < 8; ++j) lanes[j] += std::fabs(double(x[i + j]));
    double sum = 0;
    for (; i < count; ++i) sum += std::fabs(double(x[i]));
    for (const double lane : lanes) sum += lane;
    return sum;
}

}  // namespace retort
