// Byte-pair encoding (Sennrich et al. 2016): a vocabulary, and the ranked merges that build its tokens, over
// bytes (GPT-2) or over characters with bytes for those that the vocabulary lacks (SentencePiece).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/tokenizers/merge_table.h"
#include "core/tokenizers/word_cache.h"

namespace retort {

struct BpeMerge {
    std::int32_t left = 0, right = 0, result = 0;
};

/// How a word becomes the symbols that are merged.
struct BpeSymbols {
    bool bytes = true;          ///< each byte is a symbol; else each character
    bool byteFallback = false;  ///< of characters: <0x00> … <0xFF> for one that is no token
    std::int32_t unknown = -1;  ///< for what is no token otherwise; -1: left out, as Hugging Face does
    bool fuseUnknown = false;   ///< neighbouring unknown characters are one
    bool ignoreMerges = false;  ///< a word that is a token is that token, whatever the merges (Llama 3)
};

class BpeModel {
  public:
    /// `tokens[id]` are the token's bytes (empty: a special token); `merges` in the order of their ranks.
    /// Throws Error when symbols are bytes and one of the 256 is no token.
    BpeModel(std::vector<std::string> tokens, std::vector<BpeMerge> merges, const BpeSymbols& symbols);

    /// Appends the ids of one word. Callable from several threads.
    void encode(std::string_view word, std::vector<std::int32_t>& ids) const;

    const std::vector<std::string>& tokens() const { return m_tokens; }
    const std::vector<BpeMerge>& merges() const { return m_merges; }

  private:
    void encodeNew(std::string_view word, std::vector<std::int32_t>& ids) const;
    void byteSymbols(std::string_view word, std::vector<std::int32_t>& symbols) const;
    void characterSymbols(std::string_view word, std::vector<std::int32_t>& symbols) const;
    bool appendBytes(std::string_view character, std::vector<std::int32_t>& symbols) const;

    std::vector<std::string> m_tokens;
    std::vector<BpeMerge> m_merges;
    BpeSymbols m_symbols;
    std::array<std::int32_t, 256> m_bytes;  // ids of the bytes, or of <0x00> … <0xFF>; -1: none
    MergeTable m_table;
    std::unordered_map<std::string_view, std::int32_t> m_ids;  // views into m_tokens
    std::unique_ptr<WordCache> m_cache;
};

}  // namespace retort
