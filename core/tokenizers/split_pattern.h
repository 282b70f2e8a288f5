// A regular expression that cuts text into words: every match is a word, and so is what lies between two
// matches (Hugging Face's `Split` with the behaviour `Isolated`).
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

class SplitPattern {
  public:
    /// Throws Error when the expression is invalid.
    explicit SplitPattern(const std::string& expression);

    const std::string& expression() const { return m_expression; }
    /// Appends the words of `text`. Invalid UTF-8 is in words of its own. Throws Error when the expression
    /// needs too long on this text (expressions come from downloaded files). Callable from several threads.
    void split(std::string_view text, std::vector<std::string_view>& words) const;

  private:
    std::string m_expression;
    std::shared_ptr<const void> m_code;  // pcre2_code
};

}  // namespace retort
