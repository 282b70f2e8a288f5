#include "training/merging/methods/combination.h"

namespace retort {

double GramMatrix::product(const std::vector<double>& a, std::size_t j) const {
    double sum = 0;
    for (std::size_t i = 0; i < m_size; ++i) sum += a[i] * at(i, j);
    return sum;
}

double GramMatrix::norm(const std::vector<double>& a) const {
    double sum = 0;
    for (std::size_t j = 0; j < m_size; ++j) sum += a[j] * product(a, j);
    return std::sqrt(std::max(0.0, sum));  // rounding may leave a little below zero; NaN stays
}

GramMatrix gramMatrix(const std::vector<Delta>& deltas, std::size_t first, std::size_t last) {
    GramMatrix gram(deltas.size());
    std::vector<float> chunks(deltas.size() * mergeChunk);
    forChunks(last - first, [&](std::size_t at, std::size_t count) {
        for (std::size_t i = 0; i < deltas.size(); ++i) {
            float* mine = chunks.data() + i * mergeChunk;
            readDelta(deltas[i], first + at, count, mine);
            for (std::size_t j = 0; j <= i; ++j)
                gram.add(i, j, dotProduct(mine, chunks.data() + j * mergeChunk, count));
        }
    });
    return gram;
}

void combine(const std::vector<Delta>& deltas, const std::vector<double>& factors, std::size_t first,
             std::size_t last, std::span<float> out) {
    float chunk[mergeChunk], sum[mergeChunk];
    forChunks(last - first, [&](std::size_t at, std::size_t count) {
        std::fill_n(sum, count, 0.0f);
        for (std::size_t i = 0; i < deltas.size(); ++i) {
            readDelta(deltas[i], first + at, count, chunk);
            addScaled(sum, chunk, float(factors[i]), count);
        }
        if (const float* base = deltas.front().base) add(sum, base + first + at, count);
        std::copy_n(sum, count, out.data() + first + at);
    });
}

}  // namespace retort
