#include "core/traces/token_table.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace retort {

namespace {

constexpr double nothing = std::numeric_limits<double>::quiet_NaN();

bool isWhite(char c) {
    return std::string_view(" \t\r\n\f\v").find(c) != std::string_view::npos;
}

struct LaneNature {
    bool diverging, inverted;
    double least;  ///< a scale is at least this wide
};

LaneNature natureOf(TokenLane lane) {
    switch (lane) {
        case TokenLane::Surprise:
        case TokenLane::Entropy:
            return {false, false, 0.1};
        case TokenLane::Advantage:
            return {true, false, 1e-3};
        case TokenLane::ReferenceKl:
        case TokenLane::LogRatio:
            return {true, false, 0.01};
        case TokenLane::Clipped:
            return {true, false, 1};
        case TokenLane::Value:
        case TokenLane::Score:
            return {false, true, 0.02};
    }
    return {false, false, 1};
}

double percentile(std::vector<float>& finite, double share) {
    const auto at = static_cast<std::ptrdiff_t>(std::lround(double(finite.size() - 1) * share));
    std::nth_element(finite.begin(), finite.begin() + at, finite.end());
    return finite[static_cast<std::size_t>(at)];
}

}  // namespace

std::string_view name(TokenLane lane) {
    constexpr std::string_view names[] = {"surprise",  "entropy", "advantage", "reference_kl",
                                          "log_ratio", "clipped", "value",     "score"};
    return names[static_cast<int>(lane)];
}

std::string_view name(RollUp unit) {
    constexpr std::string_view names[] = {"token", "word", "sentence", "step"};
    return names[static_cast<int>(unit)];
}

TokenTable::TokenTable(const Trace& trace) : m_trace(&trace) {
    m_ends.reserve(trace.tokens.ends.size());
    const auto size = static_cast<std::int64_t>(trace.completion.size());
    std::int64_t at = 0;
    for (const std::int32_t end : trace.tokens.ends) {
        at = std::clamp<std::int64_t>(end, at, size);
        m_ends.push_back(at);
    }
}

int TokenTable::tokenAt(std::int64_t byte) const {
    const auto found = std::upper_bound(m_ends.begin(), m_ends.end(), byte);
    return byte < 0 || found == m_ends.end() ? -1 : static_cast<int>(found - m_ends.begin());
}

std::pair<std::size_t, std::size_t> TokenTable::tokensIn(std::int64_t begin, std::int64_t end) const {
    const auto first = std::upper_bound(m_ends.begin(), m_ends.end(), begin);
    auto last = std::lower_bound(first, m_ends.end(), end);
    if (last != m_ends.end() && begin < end) ++last;
    return {static_cast<std::size_t>(first - m_ends.begin()),
            static_cast<std::size_t>(last - m_ends.begin())};
}

bool TokenTable::has(TokenLane lane) const {
    if (!m_trace || m_ends.empty()) return false;
    const TokenArrays& t = m_trace->tokens;
    const std::size_t count = m_ends.size();
    switch (lane) {
        case TokenLane::Surprise:
            return t.logprobs.size() == count;
        case TokenLane::Entropy:
            return t.entropies.size() == count;
        case TokenLane::Advantage:
            return t.advantages.size() == count;
        case TokenLane::ReferenceKl:
            return t.logprobs.size() == count && t.refLogprobs.size() == count;
        case TokenLane::LogRatio:
            return t.ratios.size() == count;
        case TokenLane::Clipped:
            return t.clipped.size() == count;
        case TokenLane::Value:
            return t.values.size() == count;
        case TokenLane::Score:
            return t.scores.size() == count;
    }
    return false;
}

std::vector<TokenLane> TokenTable::lanes() const {
    std::vector<TokenLane> lanes;
    for (int i = 0; i < tokenLaneCount; ++i)
        if (has(static_cast<TokenLane>(i))) lanes.push_back(static_cast<TokenLane>(i));
    return lanes;
}

double TokenTable::value(TokenLane lane, std::size_t i) const {
    if (i >= size() || !has(lane)) return nothing;
    const TokenArrays& t = m_trace->tokens;
    double value = nothing;
    switch (lane) {
        case TokenLane::Surprise:
            value = -double(t.logprobs[i]);
            break;
        case TokenLane::Entropy:
            value = t.entropies[i];
            break;
        case TokenLane::Advantage:
            value = t.advantages[i];
            break;
        case TokenLane::ReferenceKl:
            value = double(t.logprobs[i]) - double(t.refLogprobs[i]);
            break;
        case TokenLane::LogRatio:
            value = std::log(double(t.ratios[i]));
            break;
        case TokenLane::Clipped:
            value = t.clipped[i];
            break;
        case TokenLane::Value:
            value = t.values[i];
            break;
        case TokenLane::Score:
            value = t.scores[i];
            break;
    }
    return std::isfinite(value) ? value : nothing;
}

std::vector<float> TokenTable::values(TokenLane lane) const {
    std::vector<float> values(size());
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(value(lane, i));
    return values;
}

std::optional<std::int32_t> TokenTable::id(std::size_t token) const {
    if (!m_trace || m_trace->tokens.ids.size() != size() || token >= size()) return std::nullopt;
    return m_trace->tokens.ids[token];
}

std::vector<TokenTable::Alternative> TokenTable::alternatives(std::size_t token) const {
    if (!m_trace || token >= size()) return {};
    const TokenArrays& t = m_trace->tokens;
    const auto width = static_cast<std::size_t>(std::max(t.topCount, 0));
    if (width == 0 || t.topIds.size() != size() * width || t.topLogprobs.size() != t.topIds.size()) return {};
    const auto sampled = id(token);
    std::vector<Alternative> list;
    for (std::size_t k = token * width; k < (token + 1) * width; ++k) {
        Alternative one{t.topIds[k], {}, t.topLogprobs[k], sampled == t.topIds[k]};
        for (const auto& [known, text] : t.topTexts)
            if (known == one.id) one.text = text;
        list.push_back(std::move(one));
    }
    return list;
}

std::optional<int> TokenTable::rank(std::size_t token) const {
    const std::vector<Alternative> list = alternatives(token);
    for (std::size_t k = 0; k < list.size(); ++k)
        if (list[k].sampled) return static_cast<int>(k) + 1;
    return std::nullopt;
}

double LaneScale::share(double value) const {
    if (!std::isfinite(value)) return 0;
    if (diverging) return std::clamp(value / high, -1.0, 1.0);
    const double share = std::clamp((value - low) / (high - low), 0.0, 1.0);
    return inverted ? 1 - share : share;
}

LaneScale laneScale(TokenLane lane, const std::vector<float>& values) {
    const LaneNature nature = natureOf(lane);
    std::vector<float> finite;
    finite.reserve(values.size());
    for (const float value : values)
        if (std::isfinite(value)) finite.push_back(value);
    LaneScale scale{0, nature.least, nature.diverging, nature.inverted};
    if (nature.diverging) {
        if (!finite.empty())
            scale.high = std::max({-percentile(finite, 0.01), percentile(finite, 0.99), nature.least});
        scale.low = -scale.high;
        return scale;
    }
    if (finite.empty()) return scale;
    scale.low = percentile(finite, 0.01);
    scale.high = percentile(finite, 0.99);
    // Certainty is paper: these lanes begin at 0.
    if (lane == TokenLane::Surprise || lane == TokenLane::Entropy) scale.low = 0;
    if (scale.high - scale.low < nature.least) {
        if (nature.inverted)
            scale.low = scale.high - nature.least;
        else
            scale.high = scale.low + nature.least;
    }
    return scale;
}

std::vector<std::int32_t> unitsOf(const TokenTable& table, const TraceDocument& document, RollUp unit) {
    std::vector<std::int32_t> units(table.size());
    if (!table.trace()) return units;
    const std::string_view text = table.trace()->completion;
    std::int32_t now = 0;
    int step = -1;
    for (std::size_t i = 0; i < table.size(); ++i) {
        const std::int64_t begin = table.begin(i);
        bool next = false;
        if (unit == RollUp::Token) {
            next = true;
        } else if (unit == RollUp::Step) {
            if (step < 0 || begin >= document.steps()[static_cast<std::size_t>(step)].shownEnd) {
                const int here = document.stepAt(begin);
                next = here != step && here >= 0;
                if (here >= 0) step = here;
            }
        } else if (begin > 0 && begin < table.end(i)) {
            const auto at = static_cast<std::size_t>(begin);
            const bool gap = isWhite(text[at]) || isWhite(text[at - 1]);
            std::size_t last = at;  // the last character before that is not white
            while (last > 0 && isWhite(text[last - 1]) && at - last < 64) --last;
            const char before = last > 0 ? text[last - 1] : ' ';
            const bool newline = text.substr(last, at - last).find('\n') != std::string_view::npos;
            const bool onlyWhite = isWhite(text[at]) && table.end(i) == begin + 1;
            if (unit == RollUp::Word)
                next = gap && !(onlyWhite && isWhite(text[at - 1]));
            else
                next = gap && (newline || std::string_view(".!?").find(before) != std::string_view::npos) &&
                       !onlyWhite;
        }
        if (next && i > 0) ++now;
        units[i] = now;
    }
    return units;
}

std::vector<float> rolledUp(const std::vector<float>& values, const std::vector<std::int32_t>& units,
                            bool extreme, bool lowest) {
    std::vector<float> rolled(values.size(), std::numeric_limits<float>::quiet_NaN());
    for (std::size_t from = 0; from < values.size();) {
        std::size_t to = from;
        double sum = 0, far = nothing;
        int count = 0;
        for (; to < values.size() && units[to] == units[from]; ++to) {
            const double value = values[to];
            if (!std::isfinite(value)) continue;
            sum += value;
            ++count;
            const bool farther = lowest ? value < far : std::abs(value) > std::abs(far);
            if (std::isnan(far) || farther) far = value;
        }
        const double all = extreme ? far : count > 0 ? sum / count : nothing;
        std::fill(rolled.begin() + static_cast<std::ptrdiff_t>(from),
                  rolled.begin() + static_cast<std::ptrdiff_t>(to), static_cast<float>(all));
        from = to;
    }
    return rolled;
}

}  // namespace retort
