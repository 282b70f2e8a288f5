#include "core/tokenizers/tokenizer_json.h"

#include "core/tokenizers/bpe_tokenizer.h"
#include "core/tokenizers/character_tokenizer.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

namespace retort {
namespace {

constexpr std::size_t maxFileBytes = 64u << 20;  // the largest in use (256 k tokens) has 33 MB
constexpr std::size_t maxTokens = 1'000'000, maxAddedTokens = 100'000, maxAddedBytes = 4096;

simdjson::dom::object parseObject(simdjson::dom::parser& parser, const std::string& text) {
    simdjson::dom::element root;
    if (const auto problem = parser.parse(text).get(root); problem != simdjson::SUCCESS)
        throw Error(std::string("not valid JSON: ") + simdjson::error_message(problem));
    simdjson::dom::object object;
    if (root.get(object) != simdjson::SUCCESS) throw Error("expected a JSON object");
    return object;
}

std::string readIfThere(const std::filesystem::path& path) {
    std::error_code code;
    return std::filesystem::exists(path, code) ? readFile(path, maxFileBytes) : std::string();
}

// Not by simdjson: the model_max_length of most models is the integer 10^30, which that refuses.
nlohmann::json parseConfig(const std::string& text) {
    nlohmann::json config = nlohmann::json::parse(text.empty() ? "{}" : text, nullptr, false);
    if (!config.is_object()) throw Error("tokenizer_config.json is not a JSON object");
    return config;
}

// config["eos_token"]: a text, or an object with `content`.
std::string namedToken(const nlohmann::json& config, const char* key) {
    const auto found = config.find(key);
    if (found == config.end()) return "";
    if (found->is_string()) return found->get<std::string>();
    if (!found->is_object()) return "";
    const auto content = found->find("content");
    return content != found->end() && content->is_string() ? content->get<std::string>() : "";
}

// The first of `names` that is there.
void assign(const SpecialTokens& special, std::initializer_list<std::string> names, std::int32_t& id,
            std::string& text) {
    for (const std::string& name : names) {
        id = name.empty() ? -1 : special.idOf(name);
        text = id < 0 ? "" : name;
        if (id >= 0) return;
    }
}

SpecialToken readAddedToken(const JsonFields& entry) {
    SpecialToken token;
    token.text = entry.text("content");
    const std::int64_t id = entry.integer("id");
    if (id < 0 || std::size_t(id) > maxTokens) throw Error("an added token has an impossible id");
    if (token.text.size() > maxAddedBytes) throw Error("an added token is too long");
    token.id = std::int32_t(id);
    token.special = entry.flag("special", true);
    token.singleWord = entry.flag("single_word", false);
    token.lstrip = entry.flag("lstrip", false);
    token.rstrip = entry.flag("rstrip", false);
    token.normalized = entry.flag("normalized", false);
    return token;
}

}  // namespace

simdjson::dom::element memberOrNull(const JsonFields& json, std::string_view name) {
    static simdjson::dom::parser parser;
    static const simdjson::dom::element null = parser.parse(std::string_view("null")).value();
    return json.find(name).value_or(null);
}

SpecialTokens readAddedTokens(const JsonFields& json) {
    std::vector<SpecialToken> tokens;
    const auto list = json.find("added_tokens");
    if (!list) return {};
    for (const simdjson::dom::element entry : jsonArray(*list, "added_tokens")) {
        tokens.push_back(readAddedToken(JsonFields(jsonObject(entry, "added_tokens"))));
        if (tokens.size() > maxAddedTokens) throw Error("has more than 100000 added tokens");
    }
    return SpecialTokens(std::move(tokens));
}

std::vector<std::string> readVocabulary(const JsonFields& model, const SpecialTokens& special) {
    const simdjson::dom::object vocabulary = jsonObject(model.need("vocab"), "vocab");
    std::vector<std::string> tokens;
    std::vector<bool> taken;
    std::size_t size = 0;
    const auto place = [&](std::string_view text, std::int64_t id) {
        if (id < 0 || std::size_t(id) >= maxTokens)
            throw Error("a token has an impossible id: " + std::to_string(id));
        const std::size_t at = std::size_t(id);
        if (at >= tokens.size()) {
            tokens.resize(at + 1);
            taken.resize(at + 1);
        }
        if (taken[at] && tokens[at] != text) throw Error("two tokens have the id " + std::to_string(id));
        size += !taken[at];
        taken[at] = true;
        tokens[at] = text;
    };
    for (const auto [text, id] : vocabulary) place(text, jsonInteger(id, "vocab"));
    for (const SpecialToken& token : special.all()) place(token.text, token.id);
    if (size != tokens.size())
        throw Error("token ids have gaps: " +
                    std::to_string(std::find(taken.begin(), taken.end(), false) - taken.begin()));
    return tokens;
}

SpecialRoles specialRoles(const SpecialTokens& special, const std::string& tokenizerConfig) {
    const nlohmann::json config = parseConfig(tokenizerConfig);
    SpecialRoles roles;
    assign(special,
           {namedToken(config, "eos_token"), "<eos>", "<|im_end|>", "<|endoftext|>", "<|end_of_text|>",
            "<|eot_id|>", "</s>"},
           roles.eos, roles.eosText);
    assign(special,
           {namedToken(config, "pad_token"), "<pad>", "<|endoftext|>", "<|finetune_right_pad_id|>",
            "<|end_of_text|>"},
           roles.pad, roles.padText);
    assign(special, {namedToken(config, "bos_token")}, roles.bos, roles.bosText);
    assign(special, {namedToken(config, "unk_token"), "<unk>"}, roles.unknown, roles.unknownText);
    return roles;
}

Tokenizer::~Tokenizer() = default;

std::unique_ptr<Tokenizer> tokenizerOf(TokenizerFiles files) {
    simdjson::dom::parser parser;
    const JsonFields json(parseObject(parser, files.tokenizer));
    if (json.text("version") != "1.0") throw Error("unknown version of tokenizer.json");
    const JsonFields model(jsonObject(json.need("model"), "model"));
    // The oldest files have no type; merges tell them.
    const std::string type = model.text("type", model.find("merges") ? "BPE" : "");
    if (type == "WordLevel") return CharacterTokenizer::fromJson(json, model);
    if (type == "BPE") return BpeTokenizer::fromJson(json, model, std::move(files));
    throw Error("the model '" + type.substr(0, 60) + "' is not supported", {},
                "BPE and character tokenizers are");
}

std::unique_ptr<Tokenizer> loadTokenizer(const std::filesystem::path& folder) {
    TokenizerFiles files{
        readFile(folder / "tokenizer.json", maxFileBytes), readIfThere(folder / "tokenizer_config.json"),
        readIfThere(folder / "special_tokens_map.json"), readIfThere(folder / "chat_template.jinja")};
    try {
        return tokenizerOf(std::move(files));
    } catch (const Error& error) {
        const std::string file = (folder / "tokenizer.json").string();
        throw Error(
            error.what_happened() + (error.where().empty() ? "" : " (" + error.where().substr(0, 200) + ")"),
            file, error.hint());
    }
}

}  // namespace retort
