// BPE as in GPT-2, Qwen and Llama: special tokens, then what the file asks for (normal forms, words), then
// merges.
#pragma once

#include <optional>

#include "core/tokenizers/bpe_model.h"
#include "core/tokenizers/decoder.h"
#include "core/tokenizers/normalizer.h"
#include "core/tokenizers/post_processor.h"
#include "core/tokenizers/pre_tokenizer.h"
#include "core/tokenizers/special_tokens.h"
#include "core/tokenizers/tokenizer.h"
#include "core/tokenizers/tokenizer_json.h"

namespace retort {

/// What happens to text before and behind the model.
struct TokenizerPipeline {
    Normalizer normalizer;
    PreTokenizer preTokenizer = PreTokenizer::gpt2();
    PostProcessor postProcessor;
    Decoder decoder;
};

class BpeTokenizer : public Tokenizer {
  public:
    /// `names[id]`: the token as the vocabulary writes it.
    BpeTokenizer(BpeModel model, std::vector<std::string> names, TokenizerPipeline pipeline,
                 SpecialTokens special, SpecialRoles roles,
                 std::optional<TokenizerFiles> files = std::nullopt);

    using Tokenizer::decode;
    std::vector<std::int32_t> encode(std::string_view text) const override;
    std::vector<std::int32_t> encodeWithSpecialTokens(std::string_view text) const override;
    std::string decode(const std::int32_t* ids, std::size_t count) const override;
    std::string tokenBytes(std::int32_t id) const override { return bytesOf(id, false); }
    std::string firstTokenBytes(std::int32_t id) const override { return bytesOf(id, true); }
    std::int32_t vocabularySize() const override { return std::int32_t(m_names.size()); }
    std::int32_t eosId() const override { return m_roles.eos; }
    std::int32_t padId() const override { return m_roles.pad; }
    std::int32_t bosId() const override { return m_roles.bos; }
    std::string tokenName(std::int32_t id) const override;
    std::int32_t idOf(std::string_view token) const override;
    void save(const std::filesystem::path& folder) const override;
    std::string hash() const override;

    /// Throws Error for what Retort would encode wrongly.
    static std::unique_ptr<Tokenizer> fromJson(const JsonFields& json, const JsonFields& model,
                                               TokenizerFiles files);

  private:
    void encodePlain(std::string_view text, bool atStart, std::vector<std::int32_t>& ids) const;
    bool isLeftOut(std::int32_t id) const;
    std::string bytesOf(std::int32_t id, bool first) const;
    const std::string& nameToDecode(std::int32_t id) const;
    std::string json() const;

    BpeModel m_model;
    std::vector<std::string> m_names;
    TokenizerPipeline m_pipeline;
    SpecialTokens m_special;
    SpecialRoles m_roles;
    std::optional<TokenizerFiles> m_files;  // as they were loaded; saved again unchanged
    std::unordered_map<std::int32_t, std::string>
        m_normalisedNames;  // of the special tokens that are normalized
    std::unordered_map<std::string_view, std::int32_t> m_idsByName;  // views into m_names
};

}  // namespace retort
