// Classes of characters as the regular expressions of tokenizers mean them (Unicode 16, as Oniguruma in
// Hugging Face's `tokenizers` has it).
#pragma once

namespace retort {

bool isLetter(char32_t c);          ///< \p{L}
bool isNumber(char32_t c);          ///< \p{N}
bool isMark(char32_t c);            ///< \p{M}
bool isStrippedAccent(char32_t c);  ///< \p{M} of Unicode 9: what `StripAccents` knows
bool isWhiteSpace(char32_t c);      ///< \s: the property White_Space
/// \w: letters, marks, digits, connectors, and what else is alphabetic.
bool isWordCharacter(char32_t c);

}  // namespace retort
