// The optimizer's passes over flat buffers. Included by variant.cpp only.
#pragma once

#include "training/engine/kernels/kernels.h"
#include "training/engine/kernels/vector.h"

namespace RETORT_VARIANT {

using retort::AdamWStep;

static double sumOfSquares(const float* x, long count) {
    double total = 0;
    for (long begin = 0; begin < count;
         begin += 4096) {  // float lanes over short stretches, double between them
        const long end = count - begin < 4096 ? count : begin + 4096;
        Vec a{}, b{};
        long i = begin;
        for (; i + 2 * lanes <= end; i += 2 * lanes) {
            a += load(x + i) * load(x + i);
            b += load(x + i + lanes) * load(x + i + lanes);
        }
        float rest = sum(a + b);
        for (; i < end; ++i) rest += x[i] * x[i];
        total += rest;
    }
    return total;
}

static void adamw(const AdamWStep& s, const float* gradient, float* average, float* square, float* weights,
                  long count) {
    const float keep = 1.0f - s.learningRate * s.decay, rate = s.learningRate / s.correction1;
    const float root = 1.0f / __builtin_sqrtf(s.correction2);
    for (long i = 0; i < count; ++i) {
        const float g = gradient[i] * s.gradientScale;
        const float m = s.beta1 * average[i] + (1.0f - s.beta1) * g;
        const float v = s.beta2 * square[i] + (1.0f - s.beta2) * g * g;
        average[i] = m;
        square[i] = v;
        weights[i] = weights[i] * keep - rate * m / (__builtin_sqrtf(v) * root + s.epsilon);
    }
}

}  // namespace RETORT_VARIANT
