#include "core/tokenizers/bpe_model.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "core/tokenizers/utf8.h"
#include "core/util/error.h"

namespace retort {
namespace {

std::string byteToken(int byte) {
    char text[8];
    std::snprintf(text, sizeof text, "<0x%02X>", unsigned(byte));
    return text;
}

}  // namespace

BpeModel::BpeModel(std::vector<std::string> tokens, std::vector<BpeMerge> merges, const BpeSymbols& symbols)
    : m_tokens(std::move(tokens)),
      m_merges(std::move(merges)),
      m_symbols(symbols),
      m_cache(std::make_unique<WordCache>()) {
    m_ids.reserve(m_tokens.size());
    for (std::size_t id = 0; id < m_tokens.size(); ++id)
        if (!m_tokens[id].empty()) m_ids.emplace(m_tokens[id], std::int32_t(id));
    for (int byte = 0; byte < 256; ++byte) {
        const auto found = m_ids.find(m_symbols.bytes ? std::string(1, char(byte)) : byteToken(byte));
        m_bytes[std::size_t(byte)] = found == m_ids.end() ? -1 : found->second;
        if (m_symbols.bytes && found == m_ids.end())
            throw Error("its vocabulary lacks the byte " + std::to_string(byte));
    }
    m_table.reserve(m_merges.size());
    for (std::size_t rank = 0; rank < m_merges.size(); ++rank)
        m_table.add(m_merges[rank].left, m_merges[rank].right, {std::int32_t(rank), m_merges[rank].result});
}

void BpeModel::encode(std::string_view word, std::vector<std::int32_t>& ids) const {
    if (m_symbols.ignoreMerges)
        if (const auto whole = m_ids.find(word); whole != m_ids.end()) return ids.push_back(whole->second);
    const bool cached = word.size() <= WordCache::maxWordBytes;
    if (cached && m_cache->find(word, ids)) return;
    const std::size_t begin = ids.size();
    encodeNew(word, ids);
    if (cached) m_cache->insert(word, ids.data() + begin, ids.size() - begin);
}

void BpeModel::encodeNew(std::string_view word, std::vector<std::int32_t>& ids) const {
    std::vector<std::int32_t> symbols;
    symbols.reserve(word.size());
    if (m_symbols.bytes)
        byteSymbols(word, symbols);
    else
        characterSymbols(word, symbols);
    m_table.apply(symbols);
    ids.insert(ids.end(), symbols.begin(), symbols.end());
}

void BpeModel::byteSymbols(std::string_view word, std::vector<std::int32_t>& symbols) const {
    for (char byte : word) symbols.push_back(m_bytes[static_cast<unsigned char>(byte)]);
}

bool BpeModel::appendBytes(std::string_view character, std::vector<std::int32_t>& symbols) const {
    const auto id = [&](char byte) { return m_bytes[static_cast<unsigned char>(byte)]; };
    if (!m_symbols.byteFallback ||
        !std::all_of(character.begin(), character.end(), [&](char b) { return id(b) >= 0; }))
        return false;
    for (char byte : character) symbols.push_back(id(byte));
    return true;
}

// The unknown token is put down when something else follows that is a token: what Hugging Face's BPE does,
// down to bytes that come before an unknown character that was read earlier.
void BpeModel::characterSymbols(std::string_view word, std::vector<std::int32_t>& symbols) const {
    bool pending = false;
    const auto putUnknown = [&] {
        if (std::exchange(pending, false)) symbols.push_back(m_symbols.unknown);
    };
    for (std::size_t i = 0; i < word.size();) {
        const std::size_t length = std::max<std::size_t>(utf8Length(word, i), 1);
        const std::string_view character = word.substr(i, length);
        i += length;
        if (const auto found = m_ids.find(character); found != m_ids.end()) {
            putUnknown();
            symbols.push_back(found->second);
        } else if (!appendBytes(character, symbols) && m_symbols.unknown >= 0) {
            if (!m_symbols.fuseUnknown) putUnknown();
            pending = true;
        }
    }
    putUnknown();
}

}  // namespace retort
