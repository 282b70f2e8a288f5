#include "training/merging/methods/sign_election.h"

#include "training/merging/methods/vector_clones.h"

namespace retort {

RETORT_VECTOR_CLONES void addWeighted(float* __restrict x, float weight, std::size_t count,
                                      float* __restrict sum) {
    for (std::size_t i = 0; i < count; ++i) {
        x[i] *= weight;
        sum[i] += x[i];
    }
}

RETORT_VECTOR_CLONES void electSigns(const float* __restrict sum, std::size_t count, float* __restrict sign) {
    for (std::size_t i = 0; i < count; ++i) sign[i] = sum[i] >= 0 ? 1.0f : -1.0f;
}

RETORT_VECTOR_CLONES void addElected(const float* __restrict x, const float* __restrict sign, float weight,
                                     std::size_t count, float* __restrict sum, float* __restrict divisor) {
    for (std::size_t i = 0; i < count; ++i) {
        const float agrees = x[i] * sign[i] > 0 ? 1.0f : 0.0f;
        sum[i] += x[i] * agrees;
        divisor[i] += weight * agrees;
    }
}

RETORT_VECTOR_CLONES void divideElected(const float* __restrict divisor, std::size_t count,
                                        float* __restrict sum) {
    for (std::size_t i = 0; i < count; ++i) sum[i] /= divisor[i] == 0 ? 1.0f : divisor[i];
}

}  // namespace retort
