// Tokens that stand outside the model's vocabulary of text: found in raw text before anything else, as
// Hugging Face's tokenizers do with `added_tokens`.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/util/json.h"

namespace retort {

struct SpecialToken {
    std::string text;
    std::int32_t id = 0;
    bool special = true;  ///< left out when decoding
};

class SpecialTokens {
  public:
    SpecialTokens() = default;
    explicit SpecialTokens(std::vector<SpecialToken> tokens);

    const std::vector<SpecialToken>& all() const { return m_tokens; }
    /// nullptr when the id is not one of them.
    const SpecialToken* byId(std::int32_t id) const;
    /// -1 when there is none of this text.
    std::int32_t idOf(std::string_view text) const;

    /// Calls plain(text) and special(id) for the parts of `text` in order; at each place the longest token
    /// wins.
    template <typename Plain, typename Special>
    void split(std::string_view text, Plain plain, Special special) const;

    /// `added_tokens` of tokenizer.json, and `added_tokens_decoder` of tokenizer_config.json.
    Json addedTokens() const;
    Json addedTokensDecoder() const;

  private:
    const SpecialToken* longestAt(std::string_view text) const;

    std::vector<SpecialToken> m_tokens;
    std::unordered_map<std::int32_t, std::size_t> m_byId;
    std::vector<std::size_t> m_byLead[256];  // indices by first byte, longest first
};

/// Ids of the tokens with a meaning of their own, and their texts; -1 and empty: none.
struct SpecialRoles {
    std::int32_t pad = -1, eos = -1, unknown = -1;
    std::string padText, eosText, unknownText;
};

/// Writes tokenizer_config.json and special_tokens_map.json into `folder`.
void saveTokenizerConfig(const std::filesystem::path& folder, const SpecialTokens& tokens,
                         const SpecialRoles& roles);

template <typename Plain, typename Special>
void SpecialTokens::split(std::string_view text, Plain plain, Special special) const {
    std::size_t plainBegin = 0;
    for (std::size_t i = 0; i < text.size();) {
        const SpecialToken* token = longestAt(text.substr(i));
        if (token == nullptr) {
            ++i;
            continue;
        }
        if (i > plainBegin) plain(text.substr(plainBegin, i - plainBegin));
        special(token->id);
        i += token->text.size();
        plainBegin = i;
    }
    if (plainBegin < text.size()) plain(text.substr(plainBegin));
}

}  // namespace retort
