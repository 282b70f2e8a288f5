#include "training/engine/generator.h"

#include <algorithm>
#include <string>

#include "core/util/error.h"
#include "training/engine/completion_bytes.h"
#include "training/engine/generation_rows.h"
#include "training/engine/generation_worker.h"
#include "training/engine/parallel.h"
#include "training/engine/tensor_generation.h"
#include "training/model/checkpoint_reader.h"

namespace retort {

struct Generator::Impl {
    bool canFuse() const {
        const torch::Tensor flat = model->flatParameters();
        return flat.device().is_cpu() && flat.scalar_type() == torch::kFloat32;
    }

    std::shared_ptr<CausalLM> model;  // null: the weights are a checkpoint's
    std::shared_ptr<const Tokenizer> tokenizer;
    DecodePrecision precision;
    std::unique_ptr<DecodeWeights> weights;  // null: LibTorch decodes, on another device
    std::shared_ptr<ProcessGroup> group = ProcessGroup::alone();
    std::stop_token cut;
    std::function<void()> onCut;
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
    weights.prepareRotary(capacity);
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

Generator::Generator(std::shared_ptr<CausalLM> model, std::shared_ptr<const Tokenizer> tokenizer,
                     DecodePrecision precision)
    : m_impl(std::make_unique<Impl>()) {
    m_impl->model = std::move(model);
    m_impl->tokenizer = std::move(tokenizer);
    m_impl->precision = precision;
    refresh();
}

Generator::Generator(const std::filesystem::path& checkpoint, std::shared_ptr<const Tokenizer> tokenizer,
                     DecodePrecision precision)
    : m_impl(std::make_unique<Impl>()) {
    const CheckpointReader reader(checkpoint);
    m_impl->tokenizer = std::move(tokenizer);
    m_impl->precision = precision;
    m_impl->weights = std::make_unique<DecodeWeights>(reader.shape(), precision);
    std::vector<float> part;
    m_impl->weights->refresh([&](std::int64_t offset, std::int64_t count) {
        part.resize(std::size_t(count));
        reader.read(offset, count, part.data());
        return part.data();
    });
}

Generator::~Generator() = default;

void Generator::refresh() {
    if (!m_impl->model) return;
    if (!m_impl->canFuse()) {
        m_impl->weights.reset();
        return;
    }
    if (!m_impl->weights)
        m_impl->weights = std::make_unique<DecodeWeights>(m_impl->model->shape(), m_impl->precision);
    m_impl->weights->refresh(m_impl->model->effectiveParameters().data_ptr<float>());
}

void Generator::shareAmong(std::shared_ptr<ProcessGroup> group, std::stop_token cut,
                           std::function<void()> onCut) {
    m_impl->group = std::move(group);
    m_impl->cut = std::move(cut);
    m_impl->onCut = std::move(onCut);
}

void Generator::shareLike(const Generator& other) {
    shareAmong(other.m_impl->group, other.m_impl->cut, other.m_impl->onCut);
}

void Generator::agreeOn(std::vector<double>& numbers) {
    m_impl->group->takeFromFirst(numbers);
}

const ModelShape& Generator::shape() const {
    return m_impl->weights ? m_impl->weights->shape() : m_impl->model->shape();
}

std::size_t Generator::weightBytes() const {
    return m_impl->weights ? m_impl->weights->bytes() : 0;
}

std::vector<Completion> Generator::generate(const std::vector<std::vector<std::int32_t>>& prompts,
                                            std::int64_t samples, const SamplingSettings& settings,
                                            std::uint64_t streamBase, std::stop_token stop) {
    ProcessGroup& group = *m_impl->group;
    if (group.isAlone()) return generateHere(prompts, samples, settings, streamBase, std::move(stop));
    const auto [first, last] = group.share(prompts.size());
    std::vector<Completion> own;
    if (first < last)
        own = generateHere({prompts.begin() + std::ptrdiff_t(first), prompts.begin() + std::ptrdiff_t(last)},
                           samples, settings, streamBase + first, m_impl->cut);
    std::vector<Completion> all;
    for (const std::string& part : group.gather(completionBytes(own)))
        for (Completion& completion : completionsIn(part)) all.push_back(std::move(completion));
    if (!std::all_of(all.begin(), all.end(), [](const Completion& each) { return each.whole; }))
        m_impl->onCut();
    return all;
}

std::vector<Completion> Generator::generateHere(const std::vector<std::vector<std::int32_t>>& prompts,
                                                std::int64_t samples, const SamplingSettings& settings,
                                                std::uint64_t streamBase, std::stop_token stop) {
    const ModelShape& shape = this->shape();
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
    return generateWithTensors(*m_impl->model, m_impl->precision, prompts, samples, settings, streamBase,
                               *m_impl->tokenizer, endRule, stop);
}

}  // namespace retort
