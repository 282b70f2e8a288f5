// Text to token ids and back. Saved and loaded as Hugging Face's tokenizer.json (+ tokenizer_config.json,
// special_tokens_map.json) that `transformers` and `tokenizers` load unchanged.
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
    virtual std::vector<std::int32_t> encode(std::string_view text) const = 0;
    /// Special tokens are left out.
    virtual std::string decode(const std::int32_t* ids, std::size_t count) const = 0;
    std::string decode(const std::vector<std::int32_t>& ids) const { return decode(ids.data(), ids.size()); }
    /// The bytes that one token stands for; empty for special tokens. A character can be spread over several
    /// tokens: joined bytes are text, while decode() of a part replaces what is incomplete by U+FFFD.
    virtual std::string tokenBytes(std::int32_t id) const { return decode(&id, 1); }
    virtual std::int32_t vocabularySize() const = 0;
    virtual std::int32_t eosId() const = 0;
    virtual std::int32_t padId() const = 0;
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
/// Reads a folder's tokenizer.json (BPE models, character vocabularies that we wrote). Throws Error.
std::unique_ptr<Tokenizer> loadTokenizer(const std::filesystem::path& folder);

}  // namespace retort
