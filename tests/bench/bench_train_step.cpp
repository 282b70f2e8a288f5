// One supervised step (forward, backward, clipping, AdamW) of small decoders, 64 sequences of 96 tokens, all
// cores. The peer is the same model in eager PyTorch on the same LibTorch (train_step_peer.py).
#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include "core/util/random.h"
#include "training/engine/adamw.h"
#include "training/engine/kernels/kernels.h"
#include "training/engine/measure.h"
#include "training/model/causal_lm.h"

using namespace retort;

namespace {

constexpr int sequences = 64, length = 96, vocabulary = 256, steps = 6;

ModelShape shapeOf(std::int64_t layers, std::int64_t hidden, std::int64_t inner) {
    ModelSettings settings;
    settings.num_hidden_layers = layers;
    settings.hidden_size = hidden;
    settings.intermediate_size = inner;
    return ModelShape::fromSettings(settings, vocabulary);
}

PackedBatch batch() {
    Random random(1);
    std::vector<std::vector<std::int32_t>> ids(sequences), targets(sequences);
    for (auto& sequence : ids)
        for (int i = 0; i < length; ++i) sequence.push_back(std::int32_t(random.integer(0, vocabulary - 1)));
    for (std::size_t s = 0; s < ids.size(); ++s) {
        targets[s].assign(ids[s].begin() + 1, ids[s].end());
        targets[s].push_back(-100);
    }
    return PackedBatch::pack(ids, targets);
}

double bestStep(const std::shared_ptr<CausalLM>& model, const PackedBatch& packed) {
    AdamW optimizer(model, AdamWSettings());
    double best = 1e9;
    for (int step = 0; step < steps; ++step) {
        const auto begin = std::chrono::steady_clock::now();
        (-model->score(packed).logprobs.mean()).backward();
        optimizer.step(1e-3, 1.0);
        optimizer.zeroGradients();
        best =
            std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    return best;
}

void measure(const char* name, const ModelShape& shape, Precision precision, double gemm) {
    auto model = std::make_shared<CausalLM>(shape, 1);
    model->setPrecision(precision);
    const double seconds = bestStep(model, batch());
    const double tokens = double(sequences) * length;
    // Forward and backward of the matrices, and of causal attention (half of the square).
    const double attention = 6.0 * double(shape.layers * shape.heads * shape.headDim) * length;
    const double flops = tokens * (6.0 * double(shape.parameterCount()) + attention);
    std::printf(
        "{\"case\": \"step %s 64x96\", \"value\": %.0f, \"unit\": \"tokens/s\", \"peer_ratio\": 1.3, "
        "\"note\": \"%s, %.0f GFLOP/s: %.0f %% of the measured matrix rate\"}\n",
        name, tokens / seconds, precision == Precision::Float32 ? "fp32" : "bf16", flops / seconds * 1e-9,
        100 * flops / seconds * 1e-9 / gemm);
    std::fflush(stdout);
}

}  // namespace

int main() {
    at::set_num_threads(int(std::max(1u, std::thread::hardware_concurrency())));
    const Precision precision = fasterPrecision();
    const double gemm = measureGemm(precision);
    std::printf("kernels %s, %.0f GFLOP/s\n", kernels().name, gemm);
    measure("0.8M", shapeOf(4, 128, 352), precision, gemm);
    measure("5M", shapeOf(6, 256, 704), precision, gemm);
    measure("25M", shapeOf(8, 512, 1408), precision, gemm);
}
