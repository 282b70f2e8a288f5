#include "core/tokenizers/tokenizer_json.h"

#include "core/tokenizers/bpe_tokenizer.h"
#include "core/tokenizers/character_tokenizer.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace retort {
namespace {

constexpr std::size_t maxFileBytes = 64u << 20;  // the largest in use (256 k tokens) has 33 MB
constexpr int maxDepth = 32;
constexpr std::int32_t maxTokens = 4'000'000;

KeyedJson parseJson(const std::string& text, const std::string& where) {
    const auto shallow = [&](int depth, KeyedJson::parse_event_t, KeyedJson&) {
        if (depth > maxDepth) throw Error("nested too deeply", where);
        return true;
    };
    try {
        return KeyedJson::parse(text, shallow);
    } catch (const KeyedJson::parse_error& error) {
        throw Error("not valid JSON at byte " + std::to_string(error.byte), where);
    }
}

std::string readIfThere(const std::filesystem::path& path) {
    std::error_code code;
    return std::filesystem::exists(path, code) ? readFile(path, maxFileBytes) : std::string();
}

// config["eos_token"]: a text, or an object with `content`.
std::string namedToken(const KeyedJson& config, const char* key) {
    if (!config.is_object() || !config.contains(key)) return "";
    const KeyedJson& value = config[key];
    if (value.is_string()) return value.get<std::string>();
    const bool hasContent = value.is_object() && value.contains("content") && value["content"].is_string();
    return hasContent ? value["content"].get<std::string>() : "";
}

// The first of `names` that is there.
void assign(const SpecialTokens& special, std::initializer_list<std::string> names, std::int32_t& id,
            std::string& text) {
    for (const std::string& name : names) {
        id = special.idOf(name);
        text = id < 0 ? "" : name;
        if (id >= 0) return;
    }
}

}  // namespace

const KeyedJson& member(const KeyedJson& json, const char* key, const std::string& where) {
    if (!json.is_object() || !json.contains(key)) throw Error(std::string("'") + key + "' is missing", where);
    return *json.find(key);
}

SpecialTokens readAddedTokens(const KeyedJson& json, const std::string& where) {
    std::vector<SpecialToken> tokens;
    if (!json.contains("added_tokens") || json["added_tokens"].is_null()) return {};
    if (!json["added_tokens"].is_array()) throw Error("added_tokens is not a list", where);
    for (const KeyedJson& entry : json["added_tokens"]) {
        const KeyedJson& id = member(entry, "id", where);
        const KeyedJson& content = member(entry, "content", where);
        if (!id.is_number_unsigned() || id.get<std::uint64_t>() > std::uint64_t(maxTokens) ||
            !content.is_string())
            throw Error("an entry of added_tokens has no valid id and content", where);
        for (const char* flag : {"single_word", "lstrip", "rstrip"})
            if (entry.value(flag, KeyedJson(false)) != false)
                throw Error("added tokens with " + std::string(flag) + " are not supported", where);
        const KeyedJson special = entry.value("special", KeyedJson(true));
        tokens.push_back({content.get<std::string>(), id.get<std::int32_t>(),
                          special.is_boolean() ? special.get<bool>() : true});
        if (tokens.size() > 100'000) throw Error("has more than 100000 added tokens", where);
    }
    return SpecialTokens(std::move(tokens));
}

std::vector<std::string> readVocabulary(const KeyedJson& vocabulary, const SpecialTokens& special,
                                        const std::string& where) {
    if (!vocabulary.is_object()) throw Error("the model's vocab is not a map", where);
    const std::size_t limit = vocabulary.size() + special.all().size();
    if (limit > std::size_t(maxTokens)) throw Error("has too many tokens", where);
    std::vector<std::string> tokens(limit);
    std::vector<bool> taken(limit, false);
    std::size_t size = 0;
    const auto place = [&](const std::string& text, std::uint64_t id) {
        if (id >= limit) throw Error("token ids have gaps: " + std::to_string(id), where);
        if (taken[id] && tokens[id] != text)
            throw Error("two tokens have the id " + std::to_string(id), where);
        size += !taken[id];
        taken[id] = true;
        tokens[id] = text;
    };
    for (const auto& [text, id] : vocabulary.items()) {
        if (!id.is_number_unsigned()) throw Error("a token's id is not a whole number", where);
        place(text, id.get<std::uint64_t>());
    }
    for (const SpecialToken& token : special.all()) place(token.text, std::uint64_t(token.id));
    tokens.resize(size);
    for (std::size_t id = 0; id < size; ++id)
        if (!taken[id]) throw Error("token ids have gaps: " + std::to_string(id), where);
    return tokens;
}

SpecialRoles specialRoles(const SpecialTokens& special, const std::string& tokenizerConfig) {
    const KeyedJson config =
        tokenizerConfig.empty() ? KeyedJson() : parseJson(tokenizerConfig, "tokenizer_config.json");
    SpecialRoles roles;
    assign(special,
           {namedToken(config, "eos_token"), "<eos>", "<|im_end|>", "<|endoftext|>", "<|end_of_text|>",
            "<|eot_id|>"},
           roles.eos, roles.eosText);
    assign(special,
           {namedToken(config, "pad_token"), "<pad>", "<|endoftext|>", "<|finetune_right_pad_id|>",
            "<|end_of_text|>"},
           roles.pad, roles.padText);
    assign(special, {namedToken(config, "unk_token"), "<unk>"}, roles.unknown, roles.unknownText);
    return roles;
}

Tokenizer::~Tokenizer() = default;

std::unique_ptr<Tokenizer> loadTokenizer(const std::filesystem::path& folder) {
    const std::string where = (folder / "tokenizer.json").string();
    TokenizerFiles files{readFile(folder / "tokenizer.json", maxFileBytes),
                         readIfThere(folder / "tokenizer_config.json"),
                         readIfThere(folder / "special_tokens_map.json")};
    const KeyedJson json = parseJson(files.tokenizer, where);
    if (member(json, "version", where) != "1.0") throw Error("unknown version of tokenizer.json", where);
    if (auto tokenizer = CharacterTokenizer::fromJson(json, where)) return tokenizer;
    if (auto tokenizer = BpeTokenizer::fromJson(json, std::move(files), where)) return tokenizer;
    throw Error("unsupported kind of tokenizer", where,
                "byte-level BPE and character tokenizers are supported");
}

}  // namespace retort
