#include "training/engine/measure.h"

#include <algorithm>
#include <chrono>
#include <vector>

#include "training/engine/fused_transformer.h"
#include "training/engine/parallel.h"

namespace retort {

namespace {

constexpr long rows = 1024, depth = 256, columns = 768;
constexpr double flops = 2.0 * rows * depth * columns;

using Clock = std::chrono::steady_clock;

double seconds(Clock::time_point since) {
    return std::chrono::duration<double>(Clock::now() - since).count();
}

/// The best of as many repetitions as fit in 50 ms, one at least, after a first that warms up.
template <typename Work>
double bestRate(const Work& work) {
    const auto start = Clock::now();
    work();
    double best = seconds(start);
    while (seconds(start) < 0.05) {
        const auto begin = Clock::now();
        work();
        best = std::min(best, seconds(begin));
    }
    return flops / best * 1e-9;
}

double measureFused() {
    const Kernels& k = kernels();
    const std::vector<float> a(rows * depth, 0.5f), weight(columns * depth, 0.25f);
    std::vector<float> c(rows * columns), packed(std::size_t(k.packedSize(depth, columns)));
    return bestRate([&] {
        packAll(k, {{weight.data(), depth, depth, columns, true, packed.data()}});
        runTasks(rows / rowsPerTask + 1, [&](long task, int) {
            const long row = task * rowsPerTask, count = std::min(rowsPerTask, rows - row);
            k.multiply(count, columns, depth, a.data() + row * depth, depth, packed.data(),
                       c.data() + row * columns, columns, false);
        });
    });
}

}  // namespace

double measureGemm(Precision precision) {
    if (precision == Precision::Float32) return measureFused();
    const torch::NoGradGuard noGradient;
    const torch::Tensor a = torch::full({rows, depth}, 0.5, torch::kBFloat16);
    const torch::Tensor weight = torch::full({columns, depth}, 0.25, torch::kBFloat16);
    return bestRate([&] { at::linear(a, weight); });
}

Precision fasterPrecision() {
    // The reference path around the bf16 products costs about what the fused float32 path saves: a clear lead
    // counts.
    return measureGemm(Precision::BFloat16) > 2 * measureGemm(Precision::Float32) ? Precision::BFloat16
                                                                                  : Precision::Float32;
}

}  // namespace retort
