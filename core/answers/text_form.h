// Answers in words: the form in which two of them are compared.
#pragma once

#include <string>
#include <string_view>

namespace retort::answers {

/// The words of a LaTeX text group: commands for fonts and spacing dropped, blanks collapsed, ends trimmed.
std::string wordsOf(std::string_view text);

/// wordsOf in lower case without `$`, quotes, braces and punctuation at the ends; "" when nothing is left.
std::string textForm(std::string_view text);

/// The blank-free form of mathematics: spacing commands, `\left`, `\right`, `$` dropped, `\dfrac` as `\frac`.
/// Two answers with one such form are the same answer.
std::string compactForm(std::string_view text);

}  // namespace retort::answers
