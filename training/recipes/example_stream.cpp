#include "training/recipes/example_stream.h"

#include <algorithm>
#include <string>

#include "core/util/error.h"
#include "core/util/random.h"

namespace retort {
namespace {

/// An example that is too long is replaced by the same draw of another round: its index moves far beyond all
/// others.
constexpr std::uint64_t roundOffset = std::uint64_t(1) << 40;
constexpr std::uint64_t maxRounds = 100;

}  // namespace

ExampleStream::ExampleStream(const std::vector<DataSource>& sources,
                             std::shared_ptr<const Tokenizer> tokenizer, const TrainingSettings& settings,
                             const SftSettings& sft, std::uint64_t seed, const ProcessGroup& group)
    : m_settings(settings),
      m_sft(sft),
      m_seed(stableHash("mask", seed)),
      m_group(group),
      m_mixture(sources, seed),
      m_tokenizer(std::move(tokenizer)) {}

ExampleStream::~ExampleStream() {
    if (m_next.valid()) m_next.wait();
}

ExampleBatch ExampleStream::take(std::int64_t step) {
    ExampleBatch batch = m_next.valid() && m_nextStep == step ? m_next.get() : make(step);
    m_nextStep = step + 1;
    if (m_nextStep <= m_settings.max_steps)
        m_next = std::async(std::launch::async, [this, next = m_nextStep] { return make(next); });
    return batch;
}

ExampleBatch ExampleStream::make(std::int64_t step) {
    ExampleBatch batch;
    const std::int64_t examples = m_settings.batch_size * m_settings.gradient_accumulation_steps;
    const auto [first, last] = m_group.share(std::size_t(m_settings.batch_size));
    for (std::int64_t micro = 0; micro < m_settings.gradient_accumulation_steps; ++micro) {
        const auto begin = std::uint64_t((step - 1) * examples + micro * m_settings.batch_size);
        std::vector<TokenSequence> sequences;
        for (std::uint64_t index = begin + first; index < begin + last; ++index) {
            sequences.push_back(sequence(index, batch.workedShare));
            if (m_sft.mask_probability > 0) mask(sequences.back(), index, step);
            batch.targets += double(sequences.back().targetCount());
            batch.tokens += double(sequences.back().ids.size());
        }
        if (!sequences.empty()) batch.microBatches.push_back(packSequences(sequences));
    }
    batch.workedShare /= double(examples);
    return batch;
}

// Masked fine-tuning (#138): what was written before is partly hidden, so that the question must be read;
// what is to be written is not. The padding token, which no text contains, is the mask; the end of a
// text, where the tokenizer has none.
void ExampleStream::mask(TokenSequence& sequence, std::uint64_t index, std::int64_t step) const {
    const double warm = m_sft.mask_warmup_steps > 0 ? double(step) / double(m_sft.mask_warmup_steps) : 1;
    const double share = m_sft.mask_probability * std::min(warm, 1.0);
    Random random(m_seed, index);
    for (std::size_t i = 1; i < sequence.ids.size(); ++i)
        // A token of the completion is the one that bore a target at the position before it.
        if (sequence.targets[i - 1] != -100 && random.uniform() < share)
            sequence.ids[i] = m_tokenizer->padId() >= 0 ? m_tokenizer->padId() : m_tokenizer->eosId();
}

TokenSequence ExampleStream::sequence(std::uint64_t index, double& worked) {
    for (std::uint64_t round = 0; round < maxRounds; ++round) {
        const DrawnProblem drawn = m_mixture.draw(index + round * roundOffset);
        std::vector<std::int32_t> completion = m_tokenizer->encode(drawn.completion());
        completion.push_back(m_tokenizer->eosId());
        TokenSequence sequence = TokenSequence::of(m_tokenizer->encode(drawn.problem.prompt), completion,
                                                   !m_settings.completion_only_loss);
        if (std::int64_t(sequence.ids.size()) <= m_settings.max_length && !sequence.ids.empty()) {
            worked += drawn.worked ? 1 : 0;
            return sequence;
        }
        ++m_dropped;
    }
    throw Error(std::to_string(maxRounds) + " examples in a row are longer than " +
                    std::to_string(m_settings.max_length) + " tokens",
                "training.max_length", "raise it, or make the problems smaller");
}

}  // namespace retort
