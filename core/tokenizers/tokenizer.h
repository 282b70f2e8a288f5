// Text to token ids and back. Saved and loaded as Hugging Face's tokenizer.json (+ tokenizer_config.json,
// special_tokens_map.json, chat_template.jinja) that `transformers` and `tokenizers` load unchanged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

class Tokenizer {
  public:
    virtual ~Tokenizer();
    /// The ids of a text; special tokens that it names are recognised, none are put around it.
    virtual std::vector<std::int32_t> encode(std::string_view text) const = 0;
    /// With the tokens that the file's post-processor puts around a text (BOS, say):
    /// `add_special_tokens=True`. What a chat template wrote has them already.
    virtual std::vector<std::int32_t> encodeWithSpecialTokens(std::string_view text) const {
        return encode(text);
    }
    /// Special tokens are left out.
    virtual std::string decode(const std::int32_t* ids, std::size_t count) const = 0;
    std::string decode(const std::vector<std::int32_t>& ids) const { return decode(ids.data(), ids.size()); }
    /// The bytes that one token stands for behind others; empty for special tokens. A character can be spread
    /// over several tokens: joined bytes are text, while decode() of a part replaces what is incomplete by
    /// U+FFFD.
    virtual std::string tokenBytes(std::int32_t id) const { return decode(&id, 1); }
    /// The same of the first token of a text, which may lack a blank that only marks a word's begin.
    virtual std::string firstTokenBytes(std::int32_t id) const { return tokenBytes(id); }
    virtual std::int32_t vocabularySize() const = 0;
    virtual std::int32_t eosId() const = 0;
    virtual std::int32_t padId() const = 0;
    /// -1: none.
    virtual std::int32_t bosId() const { return -1; }
    /// The token as the vocabulary writes it ("Ġthe", "▁the", "<|im_end|>"); empty for none.
    virtual std::string tokenName(std::int32_t) const { return {}; }
    /// The id of a token by its name; -1: none.
    virtual std::int32_t idOf(std::string_view) const { return -1; }
    /// Writes tokenizer.json, tokenizer_config.json and special_tokens_map.json into an existing folder.
    virtual void save(const std::filesystem::path& folder) const = 0;
    /// Hash of vocabulary and merges: two checkpoints with equal hashes share their token ids.
    virtual std::string hash() const = 0;
};

/// One token a Unicode character of `alphabet`, after the special tokens <pad> (0), <eos> (1), <unk> (2).
std::unique_ptr<Tokenizer> makeCharacterTokenizer(std::string_view alphabet);
/// Byte-level BPE trained on `texts` to `vocabularySize` (256 bytes + merges + special tokens).
std::unique_ptr<Tokenizer> trainBpeTokenizer(const std::vector<std::string>& texts,
                                             std::int32_t vocabularySize);
/// Reads a folder's tokenizer.json (BPE models, character vocabularies that we wrote). Throws Error, also for
/// constructs that Retort does not know: they are named, never guessed. `truncation` and `padding` are not
/// applied.
std::unique_ptr<Tokenizer> loadTokenizer(const std::filesystem::path& folder);

}  // namespace retort
