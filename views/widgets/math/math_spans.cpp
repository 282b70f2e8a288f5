#include "views/widgets/math/math_spans.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>

namespace retort {

namespace {

constexpr std::size_t longest = 8000;

bool isWhite(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

std::int64_t offset(std::size_t at) {
    return static_cast<std::int64_t>(at);
}

/// Up to `closing`, which may be escaped.
std::optional<MathSpan> closedBy(std::string_view text, std::size_t at, std::size_t opening,
                                 std::string_view closing, bool display, bool oneLine) {
    const std::size_t from = at + opening, until = std::min(text.size(), from + longest);
    for (std::size_t i = from; i < until; ++i) {
        if (oneLine && text[i] == '\n') return std::nullopt;
        if (text.substr(i).starts_with(closing)) {
            if (i == from) return std::nullopt;
            return MathSpan{offset(at), offset(i + closing.size()), offset(from), offset(i), display};
        }
        if (text[i] == '\\') ++i;
    }
    return std::nullopt;
}

std::optional<MathSpan> dollars(std::string_view text, std::size_t at) {
    if (text.substr(at).starts_with("$$")) return closedBy(text, at, 2, "$$", true, false);
    if (at + 1 >= text.size() || isWhite(text[at + 1])) return std::nullopt;
    const auto span = closedBy(text, at, 1, "$", false, true);
    if (!span || isWhite(text[static_cast<std::size_t>(span->texEnd) - 1])) return std::nullopt;
    const auto end = static_cast<std::size_t>(span->end);
    if (end < text.size() && text[end] >= '0' && text[end] <= '9') return std::nullopt;
    return span;
}

/// \boxed{…} with its braces matched.
std::optional<MathSpan> boxedSpan(std::string_view text, std::size_t at, std::size_t opening) {
    int open = 0;
    for (std::size_t i = at + opening - 1; i < std::min(text.size(), at + longest); ++i) {
        if (text[i] == '\\') {
            ++i;
            continue;
        }
        if (text[i] == '{') ++open;
        if (text[i] == '}' && --open == 0)
            return MathSpan{offset(at), offset(i + 1), offset(at), offset(i + 1), false};
    }
    return std::nullopt;
}

std::optional<MathSpan> environment(std::string_view text, std::size_t at) {
    constexpr std::array<std::string_view, 8> names = {"align*",  "align",  "equation*", "equation",
                                                       "gather*", "gather", "aligned",   "cases"};
    const std::string_view rest = text.substr(at + 7);
    for (const std::string_view name : names) {
        if (!rest.starts_with(name) || !rest.substr(name.size()).starts_with('}')) continue;
        const std::string closing = "\\end{" + std::string(name) + "}";
        const std::size_t end = text.substr(0, std::min(text.size(), at + longest)).find(closing, at);
        if (end == text.npos) return std::nullopt;
        return MathSpan{offset(at), offset(end + closing.size()), offset(at), offset(end + closing.size()),
                        true};
    }
    return std::nullopt;
}

std::optional<MathSpan> spanAt(std::string_view text, std::size_t at) {
    const std::string_view rest = text.substr(at);
    if (rest[0] == '$') return dollars(text, at);
    if (rest.starts_with("\\(")) return closedBy(text, at, 2, "\\)", false, false);
    if (rest.starts_with("\\[")) return closedBy(text, at, 2, "\\]", true, false);
    if (rest.starts_with("\\boxed{")) return boxedSpan(text, at, 7);
    if (rest.starts_with("\\begin{")) return environment(text, at);
    return std::nullopt;
}

}  // namespace

std::vector<MathSpan> findMath(std::string_view text) {
    std::vector<MathSpan> spans;
    // An opening that never closes costs its whole reach: after many of them no further one is tried.
    int failed = 0;
    for (std::size_t at = text.find_first_of("$\\"); at < text.size(); at = text.find_first_of("$\\", at)) {
        const auto span = failed < 64 ? spanAt(text, at) : std::nullopt;
        if (span) {
            spans.push_back(*span);
            at = static_cast<std::size_t>(span->end);
            continue;
        }
        const bool opening =
            text[at] == '$' || (at + 1 < text.size() && (text[at + 1] == '(' || text[at + 1] == '['));
        failed += opening;
        at += text[at] == '\\' ? 2 : 1;
        if (at < text.size() && text[at - 1] == '$' && text[at] == '$') ++at;  // of a $$ that is none
    }
    return spans;
}

}  // namespace retort
