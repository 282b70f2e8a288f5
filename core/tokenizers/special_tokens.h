// Tokens that stand outside the model's vocabulary of text: found in text before anything else, as Hugging
// Face's tokenizers do with `added_tokens`.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/util/json.h"

namespace retort {

struct SpecialToken {
    std::string text;
    std::int32_t id = 0;
    bool special = true;      ///< left out when decoding
    bool singleWord = false;  ///< found only where no word character (\w) touches it
    bool lstrip = false;      ///< takes the white space before it along
    bool rstrip = false;      ///< takes the white space behind it along
    bool normalized = false;  ///< found in the normalised text, by its own normalised text
};

class SpecialTokens {
  public:
    SpecialTokens() = default;
    explicit SpecialTokens(std::vector<SpecialToken> tokens);

    /// With which texts the `normalized` ones are searched; without this call, their own.
    void normalise(const std::function<std::string(std::string_view)>& normalised);

    const std::vector<SpecialToken>& all() const { return m_tokens; }
    /// nullptr when the id is not one of them.
    const SpecialToken* byId(std::int32_t id) const;
    /// -1 when there is none of this text.
    std::int32_t idOf(std::string_view text) const;

    /// A part of a text: a token, or what lies between two.
    struct Part {
        std::string_view text;
        std::int32_t id;  ///< -1: plain text
    };
    /// The parts of a text before normalisation, in order; at each place the longest token wins.
    std::vector<Part> split(std::string_view text) const { return split(text, m_raw); }
    /// The same of a normalised text, for the tokens that are `normalized`.
    std::vector<Part> splitNormalised(std::string_view text) const { return split(text, m_normalised); }

    /// `added_tokens` of tokenizer.json, and `added_tokens_decoder` of tokenizer_config.json.
    Json addedTokens() const;
    Json addedTokensDecoder() const;

  private:
    struct Pattern {
        std::string text;
        std::size_t token;  // index in m_tokens
    };
    // Sorted by text, so that the longest match is found by narrowing; `begin[b]` is where texts that start
    // with the byte b begin.
    struct Patterns {
        std::vector<Pattern> list;
        std::array<std::size_t, 257> begin{};
    };
    static Patterns sorted(std::vector<Pattern> list);
    static const Pattern* longestAt(const Patterns& patterns, std::string_view text);
    std::vector<Part> split(std::string_view text, const Patterns& patterns) const;

    std::vector<SpecialToken> m_tokens;
    std::unordered_map<std::int32_t, std::size_t> m_byId;
    Patterns m_raw, m_normalised;
};

/// Ids of the tokens with a meaning of their own, and their texts; -1 and empty: none.
struct SpecialRoles {
    std::int32_t pad = -1, eos = -1, bos = -1, unknown = -1;
    std::string padText, eosText, bosText, unknownText;
};

/// Writes tokenizer_config.json and special_tokens_map.json into `folder`.
void saveTokenizerConfig(const std::filesystem::path& folder, const SpecialTokens& tokens,
                         const SpecialRoles& roles);

}  // namespace retort
