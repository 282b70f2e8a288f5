// One register of floats, as wide as this variant's instruction set has them (GCC's vector extension), and
// the few functions that the kernels need. Included by variant.cpp only, inside the variant's namespace.
#pragma once

namespace RETORT_VARIANT {

#if defined(__AVX512F__)
constexpr int lanes = 16;
#elif defined(__AVX2__)
constexpr int lanes = 8;
#else
constexpr int lanes = 4;
#endif

typedef float Vec __attribute__((vector_size(lanes * 4)));
typedef int IntVec __attribute__((vector_size(lanes * 4)));
typedef float LooseVec __attribute__((vector_size(lanes * 4), aligned(4), may_alias));

#define RETORT_INLINE static inline __attribute__((always_inline))

RETORT_INLINE Vec load(const float* p) {
    return *reinterpret_cast<const LooseVec*>(p);
}
RETORT_INLINE void store(float* p, Vec v) {
    *reinterpret_cast<LooseVec*>(p) = v;
}
/// x in every lane; minus zero is the form that the compiler folds to one broadcast (plus zero turns -0 into
/// 0).
RETORT_INLINE Vec all(float x) {
    return x - Vec{};
}
RETORT_INLINE Vec larger(Vec a, Vec b) {
    return a > b ? a : b;
}
RETORT_INLINE Vec smaller(Vec a, Vec b) {
    return a < b ? a : b;
}

RETORT_INLINE float sum(Vec v) {
    float total = 0;
    for (int half = lanes / 2; half > 0; half /= 2)
        for (int i = 0; i < half; ++i) v[i] += v[i + half];
    total = v[0];
    return total;
}

RETORT_INLINE float largest(Vec v) {
    float best = v[0];
    for (int i = 1; i < lanes; ++i) best = v[i] > best ? v[i] : best;
    return best;
}

/// e^x to about 1e-7 relative; 0 below -87.3, e^88 above 88.
RETORT_INLINE Vec exponential(Vec x) {
    const Vec clamped = smaller(all(88.0f), larger(all(-87.3f), x));  // in this order NaN stays NaN
    const Vec magic = all(12582912.0f);  // 1.5 · 2^23: adding it rounds to an integer
    const Vec n = (clamped * 1.44269504f + magic) - magic;
    const Vec r = (clamped - n * 0.693359375f) + n * 2.12194440e-4f;
    Vec p = all(1.9875691500e-4f);
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    p = p * r * r + r + 1.0f;
    const IntVec bits = (__builtin_convertvector(n, IntVec) + 127) << 23;
    const Vec y = p * reinterpret_cast<Vec>(bits);
    return x < all(-87.3f) ? Vec{} : y;
}

}  // namespace RETORT_VARIANT
