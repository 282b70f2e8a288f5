#include "training/engine/tensor_generation.h"

#include <algorithm>
#include <cmath>

#include "core/util/error.h"
#include "training/engine/sampler.h"
#include "training/engine/tensor_sampler.h"
#include "training/model/reference_forward.h"

namespace retort {

using torch::Tensor;

namespace {

/// Steps between two looks at the tokens: waiting for a GPU at every token would leave it idle for most of
/// them.
constexpr std::int64_t blockSteps = 16;
/// Memory of the key/value cache, and rows at once.
constexpr double cacheBytes = 4e9;
constexpr std::int64_t mostRows = 1024;

/// Prompts [first, last) with samples [firstSample, lastSample) of each.
struct Portion {
    std::size_t first, last;
    std::int64_t firstSample, lastSample;
};

std::vector<Portion> cut(std::size_t prompts, std::int64_t samples, std::int64_t rows) {
    std::vector<Portion> portions;
    if (samples > rows) {
        for (std::size_t p = 0; p < prompts; ++p)
            for (std::int64_t s = 0; s < samples; s += rows)
                portions.push_back({p, p + 1, s, std::min(s + rows, samples)});
        return portions;
    }
    const std::size_t together = std::size_t(rows / std::max<std::int64_t>(samples, 1));
    for (std::size_t p = 0; p < prompts; p += together)
        portions.push_back({p, std::min(p + together, prompts), 0, samples});
    return portions;
}

class TensorGeneration {
  public:
    TensorGeneration(const CausalLM& model, DecodePrecision precision,
                     const std::vector<std::vector<std::int32_t>>& prompts, std::int64_t samples,
                     const SamplingSettings& settings, std::uint64_t streamBase, const Tokenizer& tokenizer,
                     const EndRule& endRule)
        : m_shape(model.shape()),
          m_layout(m_shape),
          m_forward{m_shape, m_layout,
                    precision == DecodePrecision::BFloat16 ? Precision::BFloat16 : model.precision(),
                    m_noHook},
          m_flat(model.effectiveParameters()),
          m_prompts(prompts),
          m_samples(samples),
          m_settings(settings),
          m_streamBase(streamBase),
          m_endRule(endRule),
          m_sampler(settings, std::clamp<std::int64_t>(tokenizer.vocabularySize(), 1, m_shape.vocabSize)),
          m_completions(prompts.size() * std::size_t(samples)) {
        if (precision == DecodePrecision::BFloat16) m_flat = m_flat.to(torch::kBFloat16);
        for (const auto& prompt : prompts) m_capacity = std::max(m_capacity, std::int64_t(prompt.size()));
        m_capacity += settings.maxNewTokens;
        if (m_shape.positionEmbedding == "learned") m_capacity = std::min(m_capacity, m_shape.maxPositions);
    }

    std::vector<Completion> run(const std::stop_token& stop) {
        const double rowBytes =
            8.0 * double(m_shape.layers * m_shape.kvHeads * m_shape.headDim) * double(m_capacity);
        const auto affordable = std::int64_t(cacheBytes / rowBytes);
        for (const Portion& portion :
             cut(m_prompts.size(), m_samples, std::clamp<std::int64_t>(affordable, 1, mostRows)))
            if (!stop.stop_requested()) generate(portion, stop);
        return std::move(m_completions);
    }

  private:
    struct Row {
        std::size_t prompt;
        std::int64_t sample;
    };
    /// What a block of steps has chosen: [rows, steps] each, on the device.
    struct Block {
        std::vector<Tensor> tokens, logprobs, entropies;
    };

    void generate(const Portion& portion, const std::stop_token& stop) {
        KeyCache cache(m_shape, std::int64_t(portion.last - portion.first), m_capacity,
                       m_flat.options().dtype(torch::kFloat32));
        Tensor logits = prefill(portion, cache);
        m_rows.clear();
        std::vector<std::int64_t> sources, lengths;
        for (std::size_t p = portion.first; p < portion.last; ++p)
            for (std::int64_t s = portion.firstSample; s < portion.lastSample; ++s) {
                m_rows.push_back({p, s});
                sources.push_back(std::int64_t(p - portion.first));
                lengths.push_back(std::int64_t(m_prompts[p].size()));
            }
        const Tensor from = onDevice(sources);
        cache.select(from);
        logits = logits.index_select(0, from);
        Tensor positions = onDevice(lengths);
        std::int64_t made = 0;
        while (!m_rows.empty() && !stop.stop_requested()) {
            const std::int64_t steps = std::min(blockSteps, m_settings.maxNewTokens - made);
            const Block block = decode(logits, positions, cache, made, steps);
            made += steps;
            keep(take(block), logits, positions, cache);
        }
    }

    /// Keys and values of the portion's prompts; the logits after each.
    Tensor prefill(const Portion& portion, KeyCache& cache) {
        std::vector<std::vector<std::int32_t>> ids(m_prompts.begin() + std::ptrdiff_t(portion.first),
                                                   m_prompts.begin() + std::ptrdiff_t(portion.last)),
            targets;
        for (const auto& prompt : ids) targets.emplace_back(prompt.size(), -100);
        const PackedBatch batch = PackedBatch::pack(ids, targets);
        const Tensor last = batch.starts.slice(0, 1).to(torch::kInt64) - 1;
        const Tensor hidden = m_forward.fill(m_flat, batch, cache);
        return logitsOf(hidden.index_select(0, last.to(m_flat.device())));
    }

    Tensor logitsOf(const Tensor& hidden) const {
        return m_forward.logits(m_flat, hidden).to(torch::kFloat32);
    }

    /// `steps` tokens of every row; nothing of them comes to the host.
    Block decode(Tensor& logits, Tensor& positions, KeyCache& cache, std::int64_t made, std::int64_t steps) {
        const Tensor uniforms = uniformsOf(made, steps);
        Block block;
        for (std::int64_t step = 0; step < steps; ++step) {
            TensorChoices choices = m_sampler.choose(logits, uniforms.select(1, step));
            // A row may have ended within the block, and then there is no position for what follows.
            const Tensor at = positions.clamp_max(m_capacity - 1);
            logits = logitsOf(m_forward.next(m_flat, choices.tokens, at, cache));
            positions = positions + 1;
            block.tokens.push_back(std::move(choices.tokens));
            block.logprobs.push_back(std::move(choices.logprobs));
            if (m_settings.recordEntropies) block.entropies.push_back(std::move(choices.entropies));
        }
        return block;
    }

    Tensor uniformsOf(std::int64_t made, std::int64_t steps) const {
        Tensor uniforms = torch::empty({std::int64_t(m_rows.size()), steps}, torch::kFloat64);
        double* at = uniforms.data_ptr<double>();
        for (const Row& row : m_rows)
            for (std::int64_t step = 0; step < steps; ++step)
                *at++ = tokenUniform(m_settings.seed, m_streamBase + row.prompt, std::uint64_t(row.sample),
                                     std::uint64_t(made + step));
        return uniforms.to(m_flat.device());
    }

    /// Appends the block to the completions; the places of the rows that go on.
    std::vector<std::int64_t> take(const Block& block) {
        const auto fetched = [](const std::vector<Tensor>& steps) {
            return steps.empty() ? Tensor() : torch::stack(steps, 1).to(torch::kCPU);
        };
        const Tensor tokens = fetched(block.tokens), logprobs = fetched(block.logprobs),
                     entropies = fetched(block.entropies);
        const auto steps = std::int64_t(block.tokens.size());
        std::vector<std::int64_t> open;
        for (std::size_t r = 0; r < m_rows.size(); ++r) {
            const std::int64_t first = std::int64_t(r) * steps;
            bool ended = false;
            for (std::int64_t i = first; i < first + steps && !ended; ++i) {
                const Choice choice{std::int32_t(tokens.data_ptr<std::int64_t>()[i]),
                                    logprobs.data_ptr<float>()[i],
                                    entropies.defined() ? entropies.data_ptr<float>()[i] : 0};
                if (!std::isfinite(choice.logprob))
                    throw Error("the model's logits are not finite", "generation",
                                "the weights have diverged");
                ended = m_endRule.append(completion(m_rows[r]), choice, m_prompts[m_rows[r].prompt].size());
            }
            if (!ended) open.push_back(std::int64_t(r));
        }
        return open;
    }

    void keep(const std::vector<std::int64_t>& open, Tensor& logits, Tensor& positions, KeyCache& cache) {
        if (open.size() == m_rows.size()) return;
        std::vector<Row> rows;
        for (std::int64_t r : open) rows.push_back(m_rows[std::size_t(r)]);
        m_rows = std::move(rows);
        if (m_rows.empty()) return;
        const Tensor places = onDevice(open);
        cache.select(places);
        logits = logits.index_select(0, places);
        positions = positions.index_select(0, places);
    }

    Tensor onDevice(const std::vector<std::int64_t>& values) const {
        return torch::tensor(values, torch::kInt64).to(m_flat.device());
    }
    Completion& completion(const Row& row) {
        return m_completions[row.prompt * std::size_t(m_samples) + std::size_t(row.sample)];
    }

    const ModelShape& m_shape;
    const WeightLayout m_layout;
    const CausalLM::Hook m_noHook;
    const ReferenceForward m_forward;
    Tensor m_flat;
    const std::vector<std::vector<std::int32_t>>& m_prompts;
    const std::int64_t m_samples;
    const SamplingSettings& m_settings;
    const std::uint64_t m_streamBase;
    const EndRule& m_endRule;
    const TensorSampler m_sampler;
    std::int64_t m_capacity = 0;
    std::vector<Row> m_rows;
    std::vector<Completion> m_completions;
};

}  // namespace

std::vector<Completion> generateWithTensors(const CausalLM& model, DecodePrecision precision,
                                            const std::vector<std::vector<std::int32_t>>& prompts,
                                            std::int64_t samples, const SamplingSettings& settings,
                                            std::uint64_t streamBase, const Tokenizer& tokenizer,
                                            const EndRule& endRule, const std::stop_token& stop) {
    if (prompts.empty() || samples == 0) return {};
    return TensorGeneration(model, precision, prompts, samples, settings, streamBase, tokenizer, endRule)
        .run(stop);
}

}  // namespace retort
