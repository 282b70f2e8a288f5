#include "core/tokenizers/character_tokenizer.h"

#include "core/tokenizers/utf8.h"
#include "core/tokenizers/vocabulary_hash.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace retort {
namespace {

// Any one character, line breaks included ('.' leaves those out).
constexpr const char* anyCharacter = "[\\s\\S]";

}  // namespace

CharacterTokenizer::CharacterTokenizer(std::vector<std::string> characters, SpecialTokens special)
    : m_characters(std::move(characters)),
      m_special(std::move(special)),
      m_roles(specialRoles(m_special, "")) {
    for (std::size_t i = 0; i < m_characters.size(); ++i) m_ids.emplace(m_characters[i], std::int32_t(i));
}

std::vector<std::int32_t> CharacterTokenizer::encode(std::string_view text) const {
    std::vector<std::int32_t> ids;
    ids.reserve(text.size());
    const auto plain = [&](std::string_view part) {
        for (std::size_t i = 0; i < part.size();) {
            const std::size_t length = std::max<std::size_t>(utf8Length(part, i), 1);
            const auto found = m_ids.find(part.substr(i, length));
            ids.push_back(found == m_ids.end() ? m_roles.unknown : found->second);
            i += length;
        }
    };
    m_special.split(text, plain, [&](std::int32_t id) { ids.push_back(id); });
    return ids;
}

std::string CharacterTokenizer::decode(const std::int32_t* ids, std::size_t count) const {
    std::string text;
    text.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (ids[i] < 0 || ids[i] >= vocabularySize()) continue;
        const SpecialToken* token = m_special.byId(ids[i]);
        if (token == nullptr || !token->special) text += m_characters[std::size_t(ids[i])];
    }
    return text;
}

void CharacterTokenizer::save(const std::filesystem::path& folder) const {
    Json vocabulary = Json::object();
    for (std::size_t i = 0; i < m_characters.size(); ++i) vocabulary.push_back({m_characters[i], i});
    const Json json = {
        {"version", "1.0"},
        {"truncation", nullptr},
        {"padding", nullptr},
        {"added_tokens", m_special.addedTokens()},
        {"normalizer", nullptr},
        {"pre_tokenizer",
         {{"type", "Split"},
          {"pattern", {{"Regex", anyCharacter}}},
          {"behavior", "Isolated"},
          {"invert", false}}},
        {"post_processor", nullptr},
        {"decoder", {{"type", "Fuse"}}},
        {"model", {{"type", "WordLevel"}, {"vocab", vocabulary}, {"unk_token", m_roles.unknownText}}}};
    writeFileAtomically(folder / "tokenizer.json", json.dump(2) + "\n");
    saveTokenizerConfig(folder, m_special, m_roles);
}

std::string CharacterTokenizer::hash() const {
    VocabularyHash hash;
    hash.add("character");
    for (const std::string& character : m_characters) hash.add(character);
    return hash.text();
}

std::unique_ptr<Tokenizer> CharacterTokenizer::fromJson(const KeyedJson& json, const std::string& where) {
    const KeyedJson& model = member(json, "model", where);
    if (!model.is_object() || model.value("type", KeyedJson()) != "WordLevel") return nullptr;
    const KeyedJson& splitter = member(json, "pre_tokenizer", where);
    const bool ours = splitter.is_object() && splitter.value("type", KeyedJson()) == "Split" &&
                      splitter.value("behavior", KeyedJson()) == "Isolated" &&
                      splitter.value("pattern", KeyedJson()) == KeyedJson{{"Regex", anyCharacter}};
    if (!ours)
        throw Error("a WordLevel tokenizer that does not split into characters is not supported", where,
                    "use a byte-level BPE or a character tokenizer");
    SpecialTokens special = readAddedTokens(json, where);
    std::vector<std::string> characters = readVocabulary(member(model, "vocab", where), special, where);
    for (std::size_t id = 0; id < characters.size(); ++id)
        if (special.byId(std::int32_t(id)) == nullptr &&
            utf8Length(characters[id] + '\0', 0) != characters[id].size())
            throw Error("token " + std::to_string(id) + " is not a single character", where);
    auto tokenizer = std::make_unique<CharacterTokenizer>(std::move(characters), std::move(special));
    if (tokenizer->m_roles.unknown < 0)
        throw Error("has no <unk> token for characters outside its vocabulary", where);
    return tokenizer;
}

std::unique_ptr<Tokenizer> makeCharacterTokenizer(std::string_view alphabet) {
    std::vector<std::string> characters = {"<pad>", "<eos>", "<unk>"};
    SpecialTokens special({{"<pad>", 0}, {"<eos>", 1}, {"<unk>", 2}});
    // In the order of their code points (that of UTF-8's bytes): the same alphabet gives the same ids.
    std::vector<std::string> sorted;
    for (std::size_t i = 0; i < alphabet.size();) {
        const std::size_t length = utf8Length(alphabet, i);
        if (length == 0) throw Error("the alphabet is not valid UTF-8 at byte " + std::to_string(i));
        sorted.emplace_back(alphabet.substr(i, length));
        i += length;
    }
    std::sort(sorted.begin(), sorted.end());
    sorted.erase(std::unique(sorted.begin(), sorted.end()), sorted.end());
    characters.insert(characters.end(), sorted.begin(), sorted.end());
    return std::make_unique<CharacterTokenizer>(std::move(characters), std::move(special));
}

}  // namespace retort
