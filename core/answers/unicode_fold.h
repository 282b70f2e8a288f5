// Unicode's ways to write mathematics as the LaTeX or ASCII that the lexer reads.
#pragma once

#include <string>
#include <string_view>

namespace retort::answers {

/// Minus signs, spaces, fractions, superscripts, full-width forms, relation and set signs become ASCII or
/// LaTeX; what is not known stays as it is (and the lexer refuses it: a Cyrillic letter never equals a Latin
/// one). Linear time; invalid UTF-8 is passed through.
std::string foldUnicode(std::string_view text);

}  // namespace retort::answers
