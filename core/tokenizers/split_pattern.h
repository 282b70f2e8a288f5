// What a pre-tokenizer cuts at (a regular expression or a text), and what becomes of the matches: Hugging
// Face's `Split` and `SplitDelimiterBehavior`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tokenizers/regex.h"
#include "core/tokenizers/word_scanner.h"

namespace retort {

enum class SplitBehavior { Removed, Isolated, MergedWithPrevious, MergedWithNext, Contiguous };

class SplitPattern {
  public:
    /// A regular expression. Throws Error when it is invalid.
    explicit SplitPattern(const std::string& expression, SplitBehavior behavior = SplitBehavior::Isolated,
                          bool invert = false);
    /// A text that is matched as it is.
    static SplitPattern ofText(const std::string& text, SplitBehavior behavior, bool invert = false);

    const std::string& expression() const { return m_expression; }
    /// Appends the parts of `text` that remain, none of them empty. Throws Error when the expression needs
    /// too long on this text. Callable from several threads.
    void split(std::string_view text, std::vector<std::string_view>& parts) const;

  private:
    SplitPattern() = default;

    std::string m_expression;
    SplitBehavior m_behavior = SplitBehavior::Isolated;
    bool m_invert = false;
    std::optional<Regex> m_regex;    // none: well-known, or a text
    std::optional<WordRule> m_rule;  // well-known, and every character belongs to a match
};

/// Finds `needle` from left to right, matches not overlapping.
std::vector<std::pair<std::size_t, std::size_t>> findAll(std::string_view text, std::string_view needle);

}  // namespace retort
