#include "core/tokenizers/bpe_tokenizer.h"

#include "core/tokenizers/byte_level.h"
#include "core/tokenizers/utf8.h"
#include "core/tokenizers/vocabulary_hash.h"
#include "core/util/files.h"
#include "core/util/json.h"

namespace retort {

BpeTokenizer::BpeTokenizer(BpeModel model, std::vector<std::string> names, TokenizerPipeline pipeline,
                           SpecialTokens special, SpecialRoles roles, std::optional<TokenizerFiles> files)
    : m_model(std::move(model)),
      m_names(std::move(names)),
      m_pipeline(std::move(pipeline)),
      m_special(std::move(special)),
      m_roles(std::move(roles)),
      m_files(std::move(files)) {
    for (std::size_t id = 0; id < m_names.size(); ++id) m_idsByName.emplace(m_names[id], std::int32_t(id));
    m_special.normalise([this](std::string_view text) { return m_pipeline.normalizer.normalized(text); });
    for (const SpecialToken& token : m_special.all())
        if (token.normalized) m_normalisedNames[token.id] = m_pipeline.normalizer.normalized(token.text);
}

std::vector<std::int32_t> BpeTokenizer::encode(std::string_view text) const {
    std::vector<std::int32_t> ids;
    const Normalizer& normalizer = m_pipeline.normalizer;
    for (const SpecialTokens::Part& part : m_special.split(text)) {
        if (part.id >= 0) {
            ids.push_back(part.id);
            continue;
        }
        const bool atStart = part.text.data() == text.data();
        const std::string changed = normalizer.empty() ? std::string() : normalizer.normalized(part.text);
        const std::string_view plain = normalizer.empty() ? part.text : changed;
        for (const SpecialTokens::Part& inner : m_special.splitNormalised(plain)) {
            if (inner.id >= 0)
                ids.push_back(inner.id);
            else
                encodePlain(inner.text, atStart && inner.text.data() == plain.data(), ids);
        }
    }
    return ids;
}

void BpeTokenizer::encodePlain(std::string_view text, bool atStart, std::vector<std::int32_t>& ids) const {
    Words words;
    m_pipeline.preTokenizer.split(text, atStart, words);
    for (std::string_view word : words.list) m_model.encode(word, ids);
}

std::vector<std::int32_t> BpeTokenizer::encodeWithSpecialTokens(std::string_view text) const {
    std::vector<std::int32_t> ids = encode(text);
    const auto& [before, after] = m_pipeline.postProcessor;
    ids.insert(ids.begin(), before.begin(), before.end());
    ids.insert(ids.end(), after.begin(), after.end());
    return ids;
}

bool BpeTokenizer::isLeftOut(std::int32_t id) const {
    if (id < 0 || id >= vocabularySize()) return true;
    const SpecialToken* token = m_special.byId(id);
    return token != nullptr && token->special;
}

// A token that was found in normalised text is decoded from there ("▁<think>" and not "<think>").
const std::string& BpeTokenizer::nameToDecode(std::int32_t id) const {
    const auto found = m_normalisedNames.find(id);
    return found == m_normalisedNames.end() ? m_names[std::size_t(id)] : found->second;
}

std::string BpeTokenizer::bytesOf(std::int32_t id, bool first) const {
    return isLeftOut(id) ? std::string() : m_pipeline.decoder.tokenBytes(nameToDecode(id), first);
}

std::string BpeTokenizer::decode(const std::int32_t* ids, std::size_t count) const {
    if (m_pipeline.decoder.isByteLevel()) {
        std::string bytes;
        for (std::size_t i = 0; i < count; ++i) bytes += tokenBytes(ids[i]);
        return utf8Lossy(bytes);
    }
    std::vector<std::string> tokens;
    for (std::size_t i = 0; i < count; ++i)
        if (!isLeftOut(ids[i])) tokens.push_back(nameToDecode(ids[i]));
    return m_pipeline.decoder.decoded(std::move(tokens));
}

std::string BpeTokenizer::tokenName(std::int32_t id) const {
    return id < 0 || id >= vocabularySize() ? std::string() : m_names[std::size_t(id)];
}

std::int32_t BpeTokenizer::idOf(std::string_view token) const {
    const auto found = m_idsByName.find(token);
    return found == m_idsByName.end() ? -1 : found->second;
}

std::string BpeTokenizer::hash() const {
    VocabularyHash hash;
    hash.add("bpe");
    if (!m_pipeline.preTokenizer.description().empty()) hash.add(m_pipeline.preTokenizer.description());
    for (std::size_t id = 0; id < m_names.size(); ++id)
        hash.add(m_special.byId(std::int32_t(id)) != nullptr ? std::string() : m_model.tokens()[id]);
    for (const SpecialToken& token : m_special.all()) hash.add(std::to_string(token.id) + " " + token.text);
    for (const BpeMerge& merge : m_model.merges())
        hash.add(std::to_string(merge.left) + " " + std::to_string(merge.right));
    return hash.text();
}

// Only of tokenizers that were trained here. The vocabulary is written by hand: the ordered Json searches its
// keys one by one.
std::string BpeTokenizer::json() const {
    const auto bare = [&](std::int32_t id) { return m_names[std::size_t(id)]; };
    const auto name = [&](std::int32_t id) { return Json(bare(id)).dump(); };
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
                            {"add_prefix_space", m_pipeline.preTokenizer.addsPrefixSpace()},
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
    if (!m_files->chatTemplate.empty())
        writeFileAtomically(folder / "chat_template.jinja", m_files->chatTemplate);
    if (m_files->config.empty()) saveTokenizerConfig(folder, m_special, m_roles);
}

}  // namespace retort
