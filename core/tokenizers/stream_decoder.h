// Text of tokens as they come: complete characters at once, the begin of one only when the rest is there.
#pragma once

#include <cstdint>
#include <string>

#include "core/tokenizers/tokenizer.h"

namespace retort {

/// The parts together are Tokenizer::decode() of all ids; but where byte tokens of a SentencePiece vocabulary
/// do not make a character, each byte that is wrong is U+FFFD here, and its whole run of byte tokens there.
class StreamDecoder {
  public:
    /// `tokenizer` must outlive this.
    explicit StreamDecoder(const Tokenizer& tokenizer) : m_tokenizer(tokenizer) {}

    /// What is complete with this token.
    std::string push(std::int32_t id);
    /// What is left when no token follows: at most one incomplete character, as U+FFFD. Then begins anew.
    std::string finish();

  private:
    const Tokenizer& m_tokenizer;
    bool m_first = true;
    std::string m_pending;  // the begin of a character
};

}  // namespace retort
