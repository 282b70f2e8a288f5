#include "core/traces/step_rules.h"

#include <array>

#include "core/tokenizers/regex.h"

namespace retort {

namespace {

using Range = std::pair<std::int64_t, std::int64_t>;

// Openings by which reasoning models turn back, check or try another way (the reflection words of the R1
// reports); a thought begins with one of them at the start of a sentence.
constexpr std::array<std::string_view, 22> turns = {
    "Wait",     "But wait",  "Hmm",     "Alternatively", "Another way",  "However",
    "Actually", "Hold on",   "Let me",  "Let's check",   "Let's verify", "On second",
    "Maybe",    "No,",       "Oh",      "So wait",       "Okay, but",    "Going back",
    "Instead",  "Let's try", "Now let", "First, let"};

bool isWhite(char c) {
    return std::string_view(" \t\r\n\f\v").find(c) != std::string_view::npos;
}

/// Places at which a new piece begins, rising, inside (0, text.size()).
using Places = std::vector<std::size_t>;

/// Behind every blank line; a fenced block of code stays whole.
Places atBlankLines(std::string_view text) {
    Places places;
    bool fenced = false, blank = false;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t newline = text.find('\n', at);
        const std::size_t end = newline == text.npos ? text.size() : newline;
        const std::string_view line = text.substr(at, end - at);
        const bool empty = line.find_first_not_of(" \t\r\f\v") == line.npos;
        if (!empty && blank && !fenced && at > 0) places.push_back(at);
        if (!empty && line.substr(line.find_first_not_of(" \t")).starts_with("```")) fenced = !fenced;
        blank = empty;
        at = end + 1;
    }
    return places;
}

Places atLines(std::string_view text) {
    Places places;
    for (std::size_t at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1))
        places.push_back(at + 1);
    return places;
}

Places behindSemicolons(std::string_view text) {
    Places places;
    for (std::size_t at = text.find(';'); at != text.npos; at = text.find(';', at + 1))
        places.push_back(at + 1);
    return places;
}

bool isTurn(std::string_view text) {
    for (const std::string_view turn : turns) {
        if (!text.starts_with(turn)) continue;
        const std::string_view rest = text.substr(turn.size());
        const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
        if (rest.empty() || !isLetter(rest.front())) return true;
    }
    return false;
}

Places atTurns(std::string_view text) {
    Places places;
    bool sentenceStart = false, ended = false;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (isWhite(text[i])) {
            sentenceStart = sentenceStart || ended || text[i] == '\n';
            continue;
        }
        if (sentenceStart && isTurn(text.substr(i, 24))) places.push_back(i);
        sentenceStart = false;
        ended = std::string_view(".!?").find(text[i]) != std::string_view::npos;
    }
    return places;
}

Places atMatches(std::string_view text, const std::string& expression) {
    Places places;
    if (expression.empty()) return places;
    for (const auto& [begin, end] : Regex("(?m)" + expression).matches(text))
        if (begin > 0) places.push_back(begin);
    return places;
}

}  // namespace

std::vector<Range> cutSteps(std::string_view text, const TraceRegion& region, StepRule rule,
                            const std::string& expression, bool singleMarks) {
    const std::string_view part = text.substr(static_cast<std::size_t>(region.textBegin),
                                              static_cast<std::size_t>(region.textEnd - region.textBegin));
    Places places;
    if (rule == StepRule::Paragraphs) {
        places = singleMarks ? behindSemicolons(part) : atBlankLines(part);
        if (places.empty()) places = atLines(part);
    } else if (rule == StepRule::Thoughts) {
        places = atTurns(part);
    } else if (rule == StepRule::Expression) {
        places = atMatches(part, expression);
    }
    places.push_back(part.size());
    std::vector<Range> ranges;
    std::size_t from = 0;
    for (const std::size_t place : places) {
        std::size_t begin = from, end = place;
        while (begin < end && isWhite(part[begin])) ++begin;
        while (begin < end && (isWhite(part[end - 1]) || (singleMarks && part[end - 1] == ';'))) --end;
        if (begin < end)
            ranges.emplace_back(region.textBegin + static_cast<std::int64_t>(begin),
                                region.textBegin + static_cast<std::int64_t>(end));
        from = place;
    }
    return ranges;
}

}  // namespace retort
