#include "core/weights/tokenizer_difference.h"

#include <cstdio>
#include <map>

#include "core/tokenizers/tokenizer.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "core/util/random.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t mostConfigBytes = 16u << 20;

bool isThere(const fs::path& path) {
    std::error_code code;
    return fs::exists(path, code);
}

void flatten(const Json& value, const std::string& path, std::map<std::string, std::string>& leaves) {
    if (value.is_object() && (!value.empty() || path.empty())) {
        for (const auto& [key, member] : value.items())
            flatten(member, path.empty() ? key : path + "." + key, leaves);
        return;
    }
    leaves[path] = value.is_string() ? value.get<std::string>()
                                     : value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::map<std::string, std::string> configOf(const fs::path& folder) {
    const fs::path file = folder / "config.json";
    const Json json = Json::parse(readFile(file, mostConfigBytes), nullptr, false);
    if (!json.is_object()) throw Error("is no JSON object", file.string());
    std::map<std::string, std::string> leaves;
    flatten(json, {}, leaves);
    for (const char* key : {"transformers_version", "_name_or_path"}) leaves.erase(key);
    return leaves;
}

std::string hexHash(const std::string& text) {
    char buffer[17];
    std::snprintf(buffer, sizeof buffer, "%016llx", static_cast<unsigned long long>(stableHash(text)));
    return buffer;
}

void addSpecial(TokenizerDifference& difference, const char* field, std::int32_t a, std::int32_t b) {
    if (a == b) return;
    const auto text = [](std::int32_t id) { return id < 0 ? std::string() : std::to_string(id); };
    difference.special.push_back({field, text(a), text(b)});
}

}  // namespace

std::optional<TokenizerDifference> compareTokenizers(const fs::path& a, const fs::path& b) {
    if (!isThere(a / "tokenizer.json") || !isThere(b / "tokenizer.json")) return std::nullopt;
    const auto tokenizerA = loadTokenizer(a), tokenizerB = loadTokenizer(b);
    TokenizerDifference difference;
    difference.sizeA = tokenizerA->vocabularySize();
    difference.sizeB = tokenizerB->vocabularySize();
    difference.sameHash = tokenizerA->hash() == tokenizerB->hash();
    for (std::int32_t id = 0; id < difference.sizeA; ++id) {
        const std::string token = tokenizerA->tokenName(id);
        const std::int32_t other = token.empty() ? -1 : tokenizerB->idOf(token);
        difference.rows.push_back(other);
        if (other < 0)
            difference.removed.push_back(token);
        else if (other != id)
            difference.reindexed.push_back({token, id, other});
    }
    for (std::int32_t id = 0; id < difference.sizeB; ++id) {
        const std::string token = tokenizerB->tokenName(id);
        if (token.empty() || tokenizerA->idOf(token) < 0) difference.added.push_back(token);
    }
    addSpecial(difference, "eos", tokenizerA->eosId(), tokenizerB->eosId());
    addSpecial(difference, "bos", tokenizerA->bosId(), tokenizerB->bosId());
    addSpecial(difference, "pad", tokenizerA->padId(), tokenizerB->padId());
    return difference;
}

std::vector<FieldDifference> compareConfigs(const fs::path& a, const fs::path& b) {
    const auto leavesA = configOf(a), leavesB = configOf(b);
    std::vector<FieldDifference> differences;
    const auto valueOf = [](const auto& leaves, const std::string& key) {
        const auto found = leaves.find(key);
        return found == leaves.end() ? std::string() : found->second;
    };
    std::map<std::string, std::string> all = leavesA;
    all.insert(leavesB.begin(), leavesB.end());
    for (const auto& [key, value] : all)
        if (const FieldDifference field{key, valueOf(leavesA, key), valueOf(leavesB, key)};
            field.a != field.b)
            differences.push_back(field);
    return differences;
}

std::string chatTemplateHash(const fs::path& folder) {
    if (const fs::path file = folder / "chat_template.jinja"; isThere(file))
        return hexHash(readFile(file, mostConfigBytes));
    const fs::path file = folder / "tokenizer_config.json";
    if (!isThere(file)) return {};
    const Json json = Json::parse(readFile(file, mostConfigBytes), nullptr, false);
    if (!json.is_object() || !json.contains("chat_template") || json["chat_template"].is_null()) return {};
    const Json& templates = json["chat_template"];
    return hexHash(templates.is_string() ? templates.get<std::string>() : templates.dump());
}

}  // namespace retort
