#include "core/tokenizers/split_pattern.h"

#include <algorithm>

#include "core/util/error.h"

namespace retort {
namespace {

struct Part {
    std::size_t begin, end;
    bool isMatch;
};

std::vector<Part> partsOf(std::size_t size, const std::vector<std::pair<std::size_t, std::size_t>>& matches,
                          bool invert) {
    std::vector<Part> parts;
    std::size_t done = 0;
    for (const auto& [begin, end] : matches) {
        if (begin > done) parts.push_back({done, begin, invert});
        parts.push_back({begin, end, !invert});
        done = end;
    }
    if (done < size) parts.push_back({done, size, invert});
    return parts;
}

// A part joins its predecessor when `joins(this part, the one before)`.
template <typename Joins>
std::vector<Part> joined(const std::vector<Part>& parts, Joins joins) {
    std::vector<Part> result;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        if (i > 0 && joins(parts[i], parts[i - 1]))
            result.back().end = parts[i].end;
        else
            result.push_back(parts[i]);
    }
    return result;
}

}  // namespace

std::vector<std::pair<std::size_t, std::size_t>> findAll(std::string_view text, std::string_view needle) {
    std::vector<std::pair<std::size_t, std::size_t>> found;
    if (needle.empty()) return found;
    for (std::size_t at = text.find(needle); at != std::string_view::npos;
         at = text.find(needle, at + needle.size()))
        found.emplace_back(at, at + needle.size());
    return found;
}

SplitPattern::SplitPattern(const std::string& expression, SplitBehavior behavior, bool invert)
    : m_expression(expression), m_behavior(behavior), m_invert(invert) {
    if (behavior == SplitBehavior::Isolated) m_rule = wordRuleOf(expression);
    if (!m_rule) m_regex.emplace(expression);
}

SplitPattern SplitPattern::ofText(const std::string& text, SplitBehavior behavior, bool invert) {
    SplitPattern pattern;
    pattern.m_expression = text;
    pattern.m_behavior = behavior;
    pattern.m_invert = invert;
    return pattern;
}

void SplitPattern::split(std::string_view text, std::vector<std::string_view>& words) const {
    if (m_rule) return scanWords(*m_rule, text, words);
    std::vector<Part> parts =
        partsOf(text.size(), m_regex ? m_regex->matches(text) : findAll(text, m_expression), m_invert);
    switch (m_behavior) {
        case SplitBehavior::Isolated:
            break;
        case SplitBehavior::Removed:
            std::erase_if(parts, [](const Part& part) { return part.isMatch; });
            break;
        case SplitBehavior::MergedWithPrevious:
            parts = joined(
                parts, [](const Part& part, const Part& before) { return part.isMatch && !before.isMatch; });
            break;
        case SplitBehavior::MergedWithNext:
            // One match only: "--a" is "-" and "-a".
            parts = joined(
                parts, [](const Part& part, const Part& before) { return before.isMatch && !part.isMatch; });
            break;
        case SplitBehavior::Contiguous:
            parts = joined(
                parts, [](const Part& part, const Part& before) { return part.isMatch == before.isMatch; });
            break;
    }
    for (const Part& part : parts) words.push_back(text.substr(part.begin, part.end - part.begin));
}

}  // namespace retort
