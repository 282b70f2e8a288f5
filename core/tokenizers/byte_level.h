// GPT-2's way to write any bytes as printable characters, and its pattern that cuts text into words.
// Byte-level BPE vocabularies (tokenizer.json) are written in this alphabet.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace retort {

/// Each byte as its character: printable ones of Latin-1 as themselves, the other 68 as U+0100 and on.
std::string toByteLevel(std::string_view bytes);
/// nullopt when the text holds a character that stands for no byte.
std::optional<std::string> fromByteLevel(std::string_view text);

/// Contractions, words, numbers, signs, each with at most one blank before it, and blanks.
extern const char* const gpt2Pattern;

}  // namespace retort
