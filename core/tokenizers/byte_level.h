// GPT-2's way to write any bytes as printable characters. Byte-level BPE vocabularies (tokenizer.json) are
// written in this alphabet.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace retort {

/// Each byte as its character: printable ones of Latin-1 as themselves, the other 68 as U+0100 and on.
std::string toByteLevel(std::string_view bytes);
/// nullopt when the text holds a character that stands for no byte.
std::optional<std::string> fromByteLevel(std::string_view text);

}  // namespace retort
