// One token a Unicode character. As tokenizer.json: a WordLevel model behind a pre-tokenizer that isolates
// every character, so that Hugging Face's `tokenizers` gives the same ids.
#pragma once

#include <unordered_map>

#include "core/tokenizers/special_tokens.h"
#include "core/tokenizers/tokenizer.h"
#include "core/tokenizers/tokenizer_json.h"

namespace retort {

class CharacterTokenizer : public Tokenizer {
  public:
    /// `characters[i]` has the id of its place; special tokens have their texts there.
    CharacterTokenizer(std::vector<std::string> characters, SpecialTokens special);

    using Tokenizer::decode;
    std::vector<std::int32_t> encode(std::string_view text) const override;
    std::string decode(const std::int32_t* ids, std::size_t count) const override;
    std::int32_t vocabularySize() const override { return std::int32_t(m_characters.size()); }
    std::int32_t eosId() const override { return m_roles.eos; }
    std::int32_t padId() const override { return m_roles.pad; }
    void save(const std::filesystem::path& folder) const override;
    std::string hash() const override;

    /// nullptr when tokenizer.json holds another kind of tokenizer. Throws Error when it is one of ours and
    /// damaged.
    static std::unique_ptr<Tokenizer> fromJson(const KeyedJson& json, const std::string& where);

  private:
    std::vector<std::string> m_characters;
    std::unordered_map<std::string_view, std::int32_t> m_ids;  // views into m_characters
    SpecialTokens m_special;
    SpecialRoles m_roles;
};

}  // namespace retort
