// Regular expressions over UTF-8 (PCRE2) for expressions that come from downloaded files: matching is
// bounded.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace retort {

class Regex {
  public:
    /// Throws Error when the expression is invalid.
    explicit Regex(const std::string& expression);

    const std::string& expression() const { return m_expression; }
    /// All matches that are not empty, from left to right, as [begin, end) in bytes. A match never holds
    /// invalid UTF-8. Throws Error when the expression needs too long on this text. Callable from several
    /// threads.
    std::vector<std::pair<std::size_t, std::size_t>> matches(std::string_view text) const;

  private:
    std::string m_expression;
    std::shared_ptr<const void> m_code;  // pcre2_code
};

}  // namespace retort
