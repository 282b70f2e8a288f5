#include "core/tokenizers/bpe_tokenizer.h"

#include <utf8proc.h>

#include <cstdlib>

#include "core/tokenizers/byte_level.h"
#include "core/tokenizers/utf8.h"
#include "core/tokenizers/vocabulary_hash.h"
#include "core/util/files.h"
#include "core/util/json.h"

namespace retort {
namespace {

// Text that is not valid UTF-8 has no normal form and stays as it is.
std::string normalised(std::string_view text) {
    utf8proc_uint8_t* result = nullptr;
    const utf8proc_ssize_t size =
        utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), utf8proc_ssize_t(text.size()),
                     &result, utf8proc_option_t(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
    std::string out =
        size < 0 ? std::string(text) : std::string(reinterpret_cast<char*>(result), std::size_t(size));
    std::free(result);
    return out;
}

bool beginsWithSpace(std::string_view text) {
    return !text.empty() && std::isspace(static_cast<unsigned char>(text[0]));
}

}  // namespace

BpeTokenizer::BpeTokenizer(BpeModel model, PreTokenization preTokenization, SpecialTokens special,
                           SpecialRoles roles, std::optional<TokenizerFiles> files)
    : m_model(std::move(model)),
      m_preTokenization(std::move(preTokenization)),
      m_special(std::move(special)),
      m_roles(std::move(roles)),
      m_files(std::move(files)) {}

std::vector<std::int32_t> BpeTokenizer::encode(std::string_view text) const {
    std::vector<std::int32_t> ids;
    m_special.split(
        text, [&](std::string_view part) { encodePlain(part, ids); },
        [&](std::int32_t id) { ids.push_back(id); });
    return ids;
}

void BpeTokenizer::encodePlain(std::string_view text, std::vector<std::int32_t>& ids) const {
    std::string changed;
    if (m_preTokenization.nfc) text = changed = normalised(text);
    if (m_preTokenization.addPrefixSpace && !beginsWithSpace(text)) {
        changed = std::string(" ").append(text);
        text = changed;
    }
    std::vector<std::string_view> words = {text}, finer;
    for (const SplitPattern& pattern : m_preTokenization.patterns) {
        finer.clear();
        for (std::string_view word : words) pattern.split(word, finer);
        words.swap(finer);
    }
    for (std::string_view word : words) m_model.encode(word, ids);
}

std::string BpeTokenizer::tokenBytes(std::int32_t id) const {
    if (id < 0 || id >= vocabularySize()) return {};
    const SpecialToken* token = m_special.byId(id);
    if (token == nullptr) return m_model.tokens()[std::size_t(id)];
    return token->special ? std::string() : token->text;
}

std::string BpeTokenizer::decode(const std::int32_t* ids, std::size_t count) const {
    std::string bytes;
    for (std::size_t i = 0; i < count; ++i) bytes += tokenBytes(ids[i]);
    return utf8Lossy(bytes);
}

std::string BpeTokenizer::hash() const {
    VocabularyHash hash;
    hash.add("bpe");
    for (const SplitPattern& pattern : m_preTokenization.patterns) hash.add(pattern.expression());
    for (const std::string& token : m_model.tokens()) hash.add(token);
    for (const SpecialToken& token : m_special.all()) hash.add(std::to_string(token.id) + " " + token.text);
    for (const BpeMerge& merge : m_model.merges())
        hash.add(std::to_string(merge.left) + " " + std::to_string(merge.right));
    return hash.text();
}

// Only of tokenizers that were trained here. The vocabulary is written by hand: the ordered Json searches its
// keys one by one.
std::string BpeTokenizer::json() const {
    const auto name = [&](std::int32_t id) {
        const SpecialToken* token = m_special.byId(id);
        return Json(token != nullptr ? token->text : toByteLevel(m_model.tokens()[std::size_t(id)])).dump();
    };
    const auto bare = [&](std::int32_t id) { return toByteLevel(m_model.tokens()[std::size_t(id)]); };
    std::string vocabulary, merges;
    for (std::int32_t id = 0; id < vocabularySize(); ++id)
        vocabulary.append(id == 0 ? "" : ",")
            .append("\n      ")
            .append(name(id))
            .append(": ")
            .append(std::to_string(id));
    for (const BpeMerge& merge : m_model.merges())
        merges.append(merges.empty() ? "" : ",")
            .append("\n      ")
            .append(Json(bare(merge.left).append(" ").append(bare(merge.right))).dump());
    const Json byteLevel = {{"type", "ByteLevel"},
                            {"add_prefix_space", m_preTokenization.addPrefixSpace},
                            {"trim_offsets", true},
                            {"use_regex", true}};
    std::string text = "{\n  \"version\": \"1.0\",\n  \"truncation\": null,\n  \"padding\": null,\n";
    text.append("  \"added_tokens\": ").append(m_special.addedTokens().dump()).append(",\n");
    text.append("  \"normalizer\": null,\n  \"pre_tokenizer\": ").append(byteLevel.dump()).append(",\n");
    text.append("  \"post_processor\": null,\n  \"decoder\": ").append(byteLevel.dump()).append(",\n");
    text.append("  \"model\": {\n    \"type\": \"BPE\",\n    \"dropout\": null,\n    \"unk_token\": null,\n");
    text.append("    \"continuing_subword_prefix\": null,\n    \"end_of_word_suffix\": null,\n");
    text.append("    \"fuse_unk\": false,\n    \"byte_fallback\": false,\n    \"ignore_merges\": false,\n");
    text.append("    \"vocab\": {").append(vocabulary).append("\n    },\n");
    return text.append("    \"merges\": [").append(merges).append("\n    ]\n  }\n}\n");
}

void BpeTokenizer::save(const std::filesystem::path& folder) const {
    if (!m_files) {
        writeFileAtomically(folder / "tokenizer.json", json());
        saveTokenizerConfig(folder, m_special, m_roles);
        return;
    }
    writeFileAtomically(folder / "tokenizer.json", m_files->tokenizer);
    if (!m_files->config.empty()) writeFileAtomically(folder / "tokenizer_config.json", m_files->config);
    if (!m_files->specialTokensMap.empty())
        writeFileAtomically(folder / "special_tokens_map.json", m_files->specialTokensMap);
    if (m_files->config.empty()) saveTokenizerConfig(folder, m_special, m_roles);
}

}  // namespace retort
