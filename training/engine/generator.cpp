#include "training/engine/generator.h"

#include <algorithm>
#include <string>

#include "core/util/error.h"
#include "training/engine/generation_rows.h"
#include "training/engine/generation_worker.h"
#include "training/engine/parallel.h"
#include "training/model/reference_forward.h"

namespace retort {

struct Generator::Impl {
    bool canFuse() const {
        const torch::Tensor flat = model->flatParameters();
        return flat.device().is_cpu() && flat.scalar_type() == torch::kFloat32;
    }

    std::shared_ptr<CausalLM> model;
    std::shared_ptr<const Tokenizer> tokenizer;
    std::unique_ptr<DecodeWeights> weights;  // null: the uncached way
};

namespace {

void checkPrompts(const std::vector<std::vector<std::int32_t>>& prompts, const ModelShape& shape) {
    for (std::size_t p = 0; p < prompts.size(); ++p) {
        const std::string where = "prompt " + std::to_string(p);
        if (prompts[p].empty()) throw Error("a prompt has no tokens", where);
        for (std::int32_t id : prompts[p])
            if (id < 0 || id >= shape.vocabSize)
                throw Error("token " + std::to_string(id) + " is outside of the model's vocabulary", where,
                            "the checkpoint and the tokenizer do not belong together");
        if (shape.positionEmbedding == "learned" && std::int64_t(prompts[p].size()) >= shape.maxPositions)
            throw Error("a prompt of " + std::to_string(prompts[p].size()) +
                            " tokens leaves no room: the model has " + std::to_string(shape.maxPositions) +
                            " positions",
                        where);
    }
}

/// Without a cache, through the training forward: for devices that have no fused decoder, and for tests.
class UncachedGeneration {
  public:
    UncachedGeneration(CausalLM& model, const std::vector<std::vector<std::int32_t>>& prompts,
                       std::int64_t samples, const SamplingSettings& settings, std::uint64_t streamBase)
        : m_model(model),
          m_prompts(prompts),
          m_samples(samples),
          m_settings(settings),
          m_streamBase(streamBase) {}

    std::vector<Completion> run(const EndRule& endRule, Sampler& sampler, const std::stop_token& stop) {
        std::vector<Completion> completions(m_prompts.size() * std::size_t(m_samples));
        std::vector<std::size_t> alive(completions.size());
        for (std::size_t i = 0; i < alive.size(); ++i) alive[i] = i;
        while (!alive.empty() && !stop.stop_requested()) {
            const torch::Tensor logits = lastLogits(completions, alive);
            const auto vocab = logits.size(1);
            std::size_t kept = 0;
            for (std::size_t i = 0; i < alive.size(); ++i) {
                Completion& completion = completions[alive[i]];
                const std::size_t prompt = alive[i] / std::size_t(m_samples);
                const double uniform = tokenUniform(m_settings.seed, m_streamBase + prompt,
                                                    alive[i] % std::size_t(m_samples), completion.ids.size());
                const Choice choice =
                    sampler.choose(logits.data_ptr<float>() + std::int64_t(i) * vocab, uniform);
                if (!endRule.append(completion, choice, m_prompts[prompt].size())) alive[kept++] = alive[i];
            }
            alive.resize(kept);
        }
        return completions;
    }

  private:
    torch::Tensor lastLogits(const std::vector<Completion>& completions,
                             const std::vector<std::size_t>& alive) {
        std::vector<std::vector<std::int32_t>> ids, targets;
        for (std::size_t row : alive) {
            ids.push_back(m_prompts[row / std::size_t(m_samples)]);
            ids.back().insert(ids.back().end(), completions[row].ids.begin(), completions[row].ids.end());
            targets.emplace_back(ids.back().size(), -100);
        }
        const PackedBatch batch = PackedBatch::pack(ids, targets);
        const torch::Tensor last = batch.starts.slice(0, 1).to(torch::kInt64) - 1;
        const torch::Tensor logits = m_model.logits(batch);
        return logits.index_select(0, last.to(logits.device())).to(torch::kCPU).contiguous();
    }

    CausalLM& m_model;
    const std::vector<std::vector<std::int32_t>>& m_prompts;
    std::int64_t m_samples;
    const SamplingSettings& m_settings;
    std::uint64_t m_streamBase;
};

/// Rows that a thread decodes together: enough for full matrix tiles, few enough for caches to stay near.
constexpr long rowsPerThread = 64;
/// Memory of one thread's key/value cache.
constexpr double cacheBytes = 2e9;

/// Units of one prompt each, at most `rows` samples in one.
std::vector<GenerationJob::Unit> cutUnits(std::size_t prompts, long samples, long rows) {
    std::vector<GenerationJob::Unit> units;
    for (std::size_t p = 0; p < prompts; ++p)
        for (long first = 0; first < samples; first += rows)
            units.push_back({p, first, std::min(rows, samples - first)});
    return units;
}

std::vector<Completion> generateFused(DecodeWeights& weights,
                                      const std::vector<std::vector<std::int32_t>>& prompts, long samples,
                                      const SamplingSettings& settings, std::uint64_t streamBase,
                                      const Tokenizer& tokenizer, const EndRule& endRule,
                                      const std::stop_token& stop) {
    const ModelShape& shape = weights.shape();
    std::vector<Completion> completions(prompts.size() * std::size_t(samples));
    if (completions.empty()) return completions;
    long capacity = 0;
    for (const auto& prompt : prompts) capacity = std::max(capacity, long(prompt.size()));
    capacity += settings.maxNewTokens;
    if (shape.positionEmbedding == "learned") capacity = std::min(capacity, long(shape.maxPositions));
    if (shape.positionEmbedding == "rope" && weights.rotaryPositions() < capacity) {
        const auto [cosines, sines] = rotaryTables(shape, capacity);
        weights.setRotary(cosines.data_ptr<float>(), sines.data_ptr<float>(), capacity);
    }
    const long threads = threadCount(), rows = long(completions.size());
    const long affordable =
        long(cacheBytes / (4.0 * double(DecodeSession::cacheFloats(shape)) * double(capacity)));
    const long slots =
        std::clamp((rows + threads - 1) / threads, 1L, std::clamp(affordable, 1L, rowsPerThread));
    GenerationJob job{prompts,     samples, settings, streamBase,
                      tokenizer,   endRule, stop,     cutUnits(prompts.size(), samples, slots),
                      completions, 0};
    runTasks(threads, [&](long, int) { GenerationWorker(job, weights, slots, capacity).run(); });
    return completions;
}

}  // namespace

Generator::Generator(std::shared_ptr<CausalLM> model, std::shared_ptr<const Tokenizer> tokenizer)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->model = std::move(model);
    m_impl->tokenizer = std::move(tokenizer);
    refresh();
}

Generator::~Generator() = default;

void Generator::refresh() {
    if (!m_impl->canFuse()) {
        m_impl->weights.reset();
        return;
    }
    if (!m_impl->weights) m_impl->weights = std::make_unique<DecodeWeights>(m_impl->model->shape());
    m_impl->weights->refresh(m_impl->model->flatParameters().data_ptr<float>());
}

std::vector<Completion> Generator::generate(const std::vector<std::vector<std::int32_t>>& prompts,
                                            std::int64_t samples, const SamplingSettings& settings,
                                            std::uint64_t streamBase, std::stop_token stop) {
    const ModelShape& shape = m_impl->model->shape();
    if (samples < 0) throw Error("the number of samples must not be negative", "num_generations");
    if (settings.maxNewTokens <= 0) {
        Completion empty;
        empty.whole = true;
        return std::vector<Completion>(prompts.size() * std::size_t(samples), empty);
    }
    checkPrompts(prompts, shape);
    const c10::InferenceMode inference;
    const EndRule endRule(*m_impl->tokenizer, settings,
                          shape.positionEmbedding == "learned" ? shape.maxPositions : 0);
    if (m_impl->weights)
        return generateFused(*m_impl->weights, prompts, long(samples), settings, streamBase,
                             *m_impl->tokenizer, endRule, stop);
    Sampler sampler(settings, shape.vocabSize, m_impl->tokenizer->vocabularySize());
    return UncachedGeneration(*m_impl->model, prompts, samples, settings, streamBase)
        .run(endRule, sampler, stop);
}

}  // namespace retort
