// Byte-level BPE as in GPT-2, Qwen and Llama 3: special tokens, then NFC where the file asks for it, then
// words by regular expressions, then merges over bytes.
#pragma once

#include <optional>

#include "core/tokenizers/bpe_model.h"
#include "core/tokenizers/special_tokens.h"
#include "core/tokenizers/split_pattern.h"
#include "core/tokenizers/tokenizer.h"
#include "core/tokenizers/tokenizer_json.h"

namespace retort {

/// What happens to text before the model sees words.
struct PreTokenization {
    bool nfc = false;
    bool addPrefixSpace = false;
    std::vector<SplitPattern> patterns;  ///< one after the other
};

class BpeTokenizer : public Tokenizer {
  public:
    BpeTokenizer(BpeModel model, PreTokenization preTokenization, SpecialTokens special, SpecialRoles roles,
                 std::optional<TokenizerFiles> files = std::nullopt);

    using Tokenizer::decode;
    std::vector<std::int32_t> encode(std::string_view text) const override;
    std::string decode(const std::int32_t* ids, std::size_t count) const override;
    std::string tokenBytes(std::int32_t id) const override;
    std::int32_t vocabularySize() const override { return std::int32_t(m_model.tokens().size()); }
    std::int32_t eosId() const override { return m_roles.eos; }
    std::int32_t padId() const override { return m_roles.pad; }
    void save(const std::filesystem::path& folder) const override;
    std::string hash() const override;

    /// nullptr when tokenizer.json holds another kind of model. Throws Error for what Retort would encode
    /// wrongly.
    static std::unique_ptr<Tokenizer> fromJson(const KeyedJson& json, TokenizerFiles files,
                                               const std::string& where);

  private:
    void encodePlain(std::string_view text, std::vector<std::int32_t>& ids) const;
    std::string json() const;

    BpeModel m_model;
    PreTokenization m_preTokenization;
    SpecialTokens m_special;
    SpecialRoles m_roles;
    std::optional<TokenizerFiles> m_files;  // as they were loaded; saved again unchanged
};

}  // namespace retort
