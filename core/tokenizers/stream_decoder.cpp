#include "core/tokenizers/stream_decoder.h"

#include <utility>

#include "core/tokenizers/utf8.h"

namespace retort {

std::string StreamDecoder::push(std::int32_t id) {
    const std::string bytes = m_first ? m_tokenizer.firstTokenBytes(id) : m_tokenizer.tokenBytes(id);
    // A token that is left out, or is nothing but a mark of a word's begin, is still followed by the text's
    // first one.
    if (m_first && bytes.empty() && m_tokenizer.tokenBytes(id).empty()) return {};
    m_first = false;
    m_pending += bytes;
    std::string complete = m_pending.substr(0, m_pending.size() - utf8IncompleteTail(m_pending));
    m_pending.erase(0, complete.size());
    return utf8Lossy(complete);
}

std::string StreamDecoder::finish() {
    m_first = true;
    return utf8Lossy(std::exchange(m_pending, {}));
}

}  // namespace retort
