#include "training/recipes/pair_stream.h"

#include <algorithm>
#include <numeric>

#include "core/tasks/rejected_traces.h"
#include "core/util/error.h"
#include "training/recipes/pair_batch.h"

namespace retort {
namespace {

/// A problem that gives no pair is replaced by the same draw of another round, as in the example stream.
constexpr std::uint64_t roundOffset = std::uint64_t(1) << 40;
constexpr std::uint64_t maxRounds = 100;

}  // namespace

bool isSampledPair(std::uint64_t seed, std::uint64_t index, double share) {
    return Random(stableHash("sampled share", seed), index).uniform() < share;
}

std::size_t EpochOrder::at(std::uint64_t position) {
    const std::uint64_t epoch = position / m_count;
    if (epoch != m_epoch) {
        m_order.resize(m_count);
        std::iota(m_order.begin(), m_order.end(), std::size_t(0));
        Random random(m_seed, epoch);
        for (std::size_t i = m_count; i > 1; --i)
            std::swap(m_order[i - 1], m_order[std::size_t(random.integer(0, std::int64_t(i) - 1))]);
        m_epoch = epoch;
    }
    return m_order[position % m_count];
}

PairStream::PairStream(TrainerParts& parts, RunSession& session)
    : m_parts(parts),
      m_session(session),
      m_settings(parts.config.pairs),
      m_perStep(parts.config.training.batch_size * parts.config.training.gradient_accumulation_steps),
      m_mixture(parts.sources, std::uint64_t(parts.config.seed)) {
    if (m_settings.source == "file") readFile();
}

bool PairStream::hasRounds() const {
    if (m_settings.source == "error_injection") return m_settings.sampled_share > 0;
    return m_settings.source != "file";
}

bool PairStream::fits(const PreferencePair& pair) const {
    const TokenPair tokens = TokenPair::of(*m_parts.tokenizer, pair);
    return tokens.length() <= m_parts.config.training.max_length && !tokens.chosen.completion.empty() &&
           !tokens.rejected.completion.empty();
}

void PairStream::readFile() {
    m_file = readPreferencePairs(m_settings.file, m_parts.dialogue);
    const std::size_t all = m_file.size();
    std::erase_if(m_file, [this](const PreferencePair& pair) { return !fits(pair); });
    if (m_file.empty())
        throw Error(
            "all pairs are longer than " + std::to_string(m_parts.config.training.max_length) + " tokens",
            m_settings.file, "raise training.max_length");
    if (m_file.size() < all)
        m_session.message("warning", std::to_string(all - m_file.size()) + " of " + std::to_string(all) +
                                         " pairs are longer than max_length and left out");
    m_order.emplace(stableHash("pairs", std::uint64_t(m_parts.config.seed)), m_file.size());
}

PreferencePair PairStream::injected(std::uint64_t index) const {
    for (std::uint64_t round = 0; round < maxRounds; ++round) {
        const std::uint64_t place = index + round * roundOffset;
        const DrawnProblem drawn = m_mixture.draw(place);
        Random random(stableHash("error", std::uint64_t(m_parts.config.seed)), place);
        const auto wrong = injectError(*m_parts.sources[drawn.source].task, drawn.problem, random);
        if (!wrong) continue;
        const std::string& right = drawn.problem.worked.empty() ? drawn.problem.answer : drawn.problem.worked;
        const PreferencePair pair{drawn.problem.prompt, right, *wrong};
        if (fits(pair)) return pair;
    }
    throw Error("no error can be put into the examples, or they are longer than max_length", "pairs.source",
                "error_injection needs answers or workings with digits or operators");
}

bool PairStream::openRound(std::int64_t step) {
    const std::int64_t number = (step - 1) / m_settings.round_steps;
    if (m_round.number == number) return true;
    const bool begins = (step - 1) % m_settings.round_steps == 0;
    auto round = begins ? std::nullopt : readRound(m_session.run(), number);
    if (!begins && !round)
        throw Error("the pairs of round " + std::to_string(number) +
                        " are gone, and the policy that sampled them, too",
                    m_session.run().path().string(), "begin a new run from the checkpoint");
    if (!round) round = samplePairs(m_parts, m_session, number, step);
    if (!round) return false;
    if (begins) {
        std::erase_if(round->pairs, [this](const PreferencePair& pair) { return !fits(pair); });
        if (round->pairs.empty())
            throw Error("all sampled pairs are longer than max_length", "training.max_length", "raise it");
        if (m_parts.group->isFirst()) writeRound(m_session.run(), *round);
    }
    m_round = std::move(*round);
    m_order.emplace(stableHash("round", std::uint64_t(number)), m_round.pairs.size());
    return true;
}

std::optional<std::vector<PreferencePair>> PairStream::take(std::int64_t step) {
    // A round begins with its step even where none of that step's pairs is from it: later ones are.
    if (hasRounds() && !openRound(step)) return std::nullopt;
    const std::int64_t inRound = hasRounds() ? (step - 1) % m_settings.round_steps : step - 1;
    const auto seed = std::uint64_t(m_parts.config.seed);
    std::vector<PreferencePair> pairs;
    for (std::int64_t i = 0; i < m_perStep; ++i) {
        const auto index = std::uint64_t((step - 1) * m_perStep + i);
        if (m_settings.source == "error_injection" && !isSampledPair(seed, index, m_settings.sampled_share)) {
            pairs.push_back(injected(index));
            continue;
        }
        const auto position = std::uint64_t(inRound * m_perStep + i);
        pairs.push_back((hasRounds() ? m_round.pairs : m_file)[m_order->at(position)]);
    }
    return pairs;
}

void PairStream::addRound(StepReport& report) {
    for (auto& metric : m_round.metrics) report.metrics.push_back(std::move(metric));
    for (Trace& trace : m_round.traces) report.traces.push_back(std::move(trace));
    m_round.metrics.clear();
    m_round.traces.clear();
}

}  // namespace retort
