// Packing and weight gradients of several matrices at once, split over the threads.
#pragma once

#include <vector>

#include "training/engine/float_buffer.h"
#include "training/engine/kernels/kernels.h"

namespace retort {

/// weight: [columns × depth] when `transposed`, else [depth × columns]; see Kernels::packRows.
struct PackJob {
    const float* weight;
    long ld, depth, columns;
    bool transposed;
    float* packed;
};
void packAll(const Kernels& k, const std::vector<PackJob>& jobs);

/// c[m × n] += xᵀ·y with x [depth × m], y [depth × n].
struct GradientJob {
    long m, n, depth;
    const float* x;
    long ldx;
    const float* y;
    long ldy;
    float* c;
};
/// `scratch`: one buffer a thread.
void multiplyGradients(const Kernels& k, const std::vector<GradientJob>& jobs,
                       std::vector<FloatBuffer>& scratch);

}  // namespace retort
