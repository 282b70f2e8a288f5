// UTF-8 as the tokenizers need it: walking over characters of text that may be invalid.
#pragma once

#include <string>
#include <string_view>

namespace retort {

/// Bytes of the valid UTF-8 character at `text[position]`; 0 when there is none (the byte is invalid there).
/// Overlong forms, surrogates and values above U+10FFFF are invalid.
std::size_t utf8Length(std::string_view text, std::size_t position);

/// The code point of the valid character of `length` bytes at `text[position]`.
char32_t utf8Decode(std::string_view text, std::size_t position, std::size_t length);

/// A code point as UTF-8.
std::string utf8Encode(char32_t codePoint);

/// Bytes at the end of `text` that begin a character which more bytes could complete; 0 to 3.
std::size_t utf8IncompleteTail(std::string_view text);

/// Each maximal invalid part replaced by U+FFFD, as Rust's and Python's lossy decoders do.
std::string utf8Lossy(std::string_view text);

}  // namespace retort
