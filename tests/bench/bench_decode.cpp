// Batched decoding: 64 and 256 prompts of 16 tokens, 64 new tokens each, temperature 1, all cores; prompts
// included in the time. The peer is the same model in eager PyTorch with a key/value cache (decode_peer.py).
#include <ATen/Parallel.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>
#include <thread>

#include "core/util/random.h"
#include "training/engine/generator.h"
#include "training/engine/measure.h"

using namespace retort;

namespace {

constexpr int vocabulary = 256, promptLength = 16, newTokens = 64, rounds = 4;

/// Ids only, and no end of sequence: every row decodes to its full length.
class EndlessVocabulary : public Tokenizer {
  public:
    std::vector<std::int32_t> encode(std::string_view) const override { return {}; }
    std::string decode(const std::int32_t*, std::size_t) const override { return {}; }
    std::int32_t vocabularySize() const override { return vocabulary; }
    std::int32_t eosId() const override { return -1; }
    std::int32_t padId() const override { return 0; }
    void save(const std::filesystem::path&) const override {}
    std::string hash() const override { return "endless"; }
};

void measure(const char* name, const ModelSettings& settings, int rows, double gemm) {
    const ModelShape shape = ModelShape::fromSettings(settings, vocabulary);
    auto model = std::make_shared<CausalLM>(shape, 1);
    Generator generator(model, std::make_shared<EndlessVocabulary>());
    Random random(1);
    std::vector<std::vector<std::int32_t>> prompts(static_cast<std::size_t>(rows));
    for (auto& prompt : prompts)
        for (int i = 0; i < promptLength; ++i)
            prompt.push_back(std::int32_t(random.integer(0, vocabulary - 1)));
    SamplingSettings sampling;
    sampling.maxNewTokens = newTokens;
    sampling.recordEntropies = false;  // the peer has none either
    double best = 1e9;
    for (int round = 0; round < rounds; ++round) {
        const auto begin = std::chrono::steady_clock::now();
        generator.generate(prompts, 1, sampling);
        best =
            std::min(best, std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
    }
    const double tokens = double(rows) * newTokens;
    const double flops = 2.0 * double(shape.parameterCount()) * double(rows) * (newTokens + promptLength);
    std::printf(
        "{\"case\": \"decode %s %d rows\", \"value\": %.0f, \"unit\": \"tokens/s\", \"peer_ratio\": 2, "
        "\"note\": \"fp32, %.0f GFLOP/s: %.0f %% of the measured matrix rate\"}\n",
        name, rows, tokens / best, flops / best * 1e-9, 100 * flops / best * 1e-9 / gemm);
    std::fflush(stdout);
}

}  // namespace

int main() {
    at::set_num_threads(int(std::max(1u, std::thread::hardware_concurrency())));
    const double gemm = measureGemm(Precision::Float32);
    ModelSettings small, large;
    large.num_hidden_layers = 6;
    large.hidden_size = 256;
    large.intermediate_size = 704;
    for (int rows : {64, 256}) {
        measure("0.8M", small, rows, gemm);
        measure("5M", large, rows, gemm);
    }
}
