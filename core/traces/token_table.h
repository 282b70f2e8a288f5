// The tokens of a trace as bytes of its text, and what was recorded of each, as lanes that can be shown as a
// heat map: with a scale, and rolled up to words, sentences and steps.
#pragma once

#include <optional>

#include "core/traces/trace.h"
#include "core/traces/trace_document.h"

namespace retort {

enum class TokenLane {
    Surprise,     ///< −log p of the sampled token, nats
    Entropy,      ///< of the distribution, nats
    Advantage,    ///< of the token
    ReferenceKl,  ///< log p − log p under the reference: the token's part of the KL estimate k1
    LogRatio,     ///< log(policy / sampling policy) in the step's last update
    Clipped,      ///< −1: below the clip range, 1: above it
    Value,        ///< of a value model
    Score         ///< of a process reward model
};
constexpr int tokenLaneCount = 8;
/// "surprise", "entropy" …
std::string_view name(TokenLane lane);

/// Reads the trace, which must outlive it. Token ends that run backwards or beyond the text are clamped.
class TokenTable {
  public:
    TokenTable() = default;
    explicit TokenTable(const Trace& trace);

    std::size_t size() const { return m_ends.size(); }
    bool empty() const { return m_ends.empty(); }
    std::int64_t begin(std::size_t token) const { return token == 0 ? 0 : m_ends[token - 1]; }
    std::int64_t end(std::size_t token) const { return m_ends[token]; }
    /// The token that holds this byte; -1: none.
    int tokenAt(std::int64_t byte) const;
    /// Tokens [first, last) that have bytes in [begin, end).
    std::pair<std::size_t, std::size_t> tokensIn(std::int64_t begin, std::int64_t end) const;

    bool has(TokenLane lane) const;
    std::vector<TokenLane> lanes() const;
    /// NaN where it is not recorded, or not a finite number.
    double value(TokenLane lane, std::size_t token) const;
    std::vector<float> values(TokenLane lane) const;

    struct Alternative {
        std::int32_t id = 0;
        std::string text;
        double logprob = 0;
        bool sampled = false;
    };
    /// The most probable tokens at this place; empty: not recorded.
    std::vector<Alternative> alternatives(std::size_t token) const;
    /// 1: the sampled token was the most probable one; nothing when it is not among the recorded ones.
    std::optional<int> rank(std::size_t token) const;
    std::optional<std::int32_t> id(std::size_t token) const;
    const Trace* trace() const { return m_trace; }

  private:
    const Trace* m_trace = nullptr;
    std::vector<std::int64_t> m_ends;
};

/// How a lane's values become shades. A diverging scale is symmetric about 0, which is paper; an inverted one
/// is darkest at its low end (a low score is what to look at).
struct LaneScale {
    double low = 0, high = 1;
    bool diverging = false, inverted = false;

    /// -1 … 1 of a diverging scale, 0 … 1 of the others; clipped; 0 for NaN.
    double share(double value) const;
    bool operator==(const LaneScale&) const = default;
};
/// From the 1st to the 99th percentile of the finite values; never so narrow that noise looks like signal.
LaneScale laneScale(TokenLane lane, const std::vector<float>& values);

enum class RollUp { Token, Word, Sentence, Step };
/// "token", "word", "sentence", "step"
std::string_view name(RollUp unit);

/// The unit of each token, rising from 0.
std::vector<std::int32_t> unitsOf(const TokenTable& table, const TraceDocument& document, RollUp unit);
/// Every token's value replaced by its unit's mean, or by the value in it that is farthest from paper. NaN
/// does not count.
std::vector<float> rolledUp(const std::vector<float>& values, const std::vector<std::int32_t>& units,
                            bool extreme, bool lowest = false);

}  // namespace retort
