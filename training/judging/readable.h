// Whether a model can read a text at all.
#pragma once

#include <string_view>

#include "core/tokenizers/tokenizer.h"

namespace retort {

/// A vocabulary of few characters drops what it has no token for; a normal form may drop a blank here and
/// there.
inline bool canWrite(const Tokenizer& tokenizer, std::string_view text) {
    return tokenizer.decode(tokenizer.encode(text)).size() + 1 + text.size() / 50 >= text.size();
}

}  // namespace retort
