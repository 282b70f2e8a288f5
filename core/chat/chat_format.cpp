// The files of a tokenizer's folder -> ChatFormat.
#include "core/chat/chat_template.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t maxFileBytes = 64u << 20;  // added_tokens_decoder can be long
constexpr std::size_t maxTemplateBytes = std::size_t(1) << 20;
constexpr int maxDepth = 16;
constexpr std::size_t maxTemplates = 100;

// nlohmann's own map: not the ordered Json, which searches its keys one by one.
nlohmann::json readIfThere(const fs::path& path) {
    std::error_code code;
    if (!fs::exists(path, code)) return nlohmann::json::object();
    const auto shallow = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        if (depth > maxDepth) throw Error("nested too deeply", path.string());
        return true;
    };
    try {
        nlohmann::json json = nlohmann::json::parse(readFile(path, maxFileBytes), shallow);
        if (!json.is_object()) throw Error("expected a JSON object", path.string());
        return json;
    } catch (const nlohmann::json::exception&) {
        throw Error("not valid JSON", path.string());
    }
}

// A text, or {"content": text, …}.
void addSpecialTokens(const nlohmann::json& json, Json& tokens) {
    for (const auto& [name, value] : json.items()) {
        if (!name.ends_with("_token")) continue;
        if (value.is_string())
            tokens[name] = value.get<std::string>();
        else if (value.is_object() && value.contains("content") && value["content"].is_string())
            tokens[name] = value["content"].get<std::string>();
    }
}

void addTemplates(const nlohmann::json& value, const std::string& where, ChatFormat& format) {
    if (value.is_string()) {
        format.templates.emplace("default", ChatTemplate(value.get<std::string>(), where));
        return;
    }
    if (!value.is_array() || value.size() > maxTemplates)
        throw Error("chat_template is neither a text nor a list", where);
    for (const nlohmann::json& entry : value) {
        const bool valid = entry.is_object() && entry.contains("name") && entry["name"].is_string() &&
                           entry.contains("template") && entry["template"].is_string();
        if (!valid) throw Error("an entry of chat_template has no name and template", where);
        const std::string name = entry["name"].get<std::string>();
        format.templates.emplace(
            name, ChatTemplate(entry["template"].get<std::string>(), where + " (" + name + ")"));
    }
}

void addFile(const fs::path& path, const std::string& name, ChatFormat& format) {
    format.templates.emplace(name, ChatTemplate(readFile(path, maxTemplateBytes), path.string()));
}

}  // namespace

ChatFormat loadChatFormat(const fs::path& folder) {
    ChatFormat format;
    const fs::path configPath = folder / "tokenizer_config.json", file = folder / "chat_template.jinja";
    const nlohmann::json config = readIfThere(configPath);
    addSpecialTokens(readIfThere(folder / "special_tokens_map.json"), format.specialTokens);
    addSpecialTokens(config, format.specialTokens);
    std::error_code code;
    if (fs::exists(file, code)) {
        addFile(file, "default", format);
        const fs::path more = folder / "additional_chat_templates";
        if (!fs::is_directory(more, code)) return format;
        for (const fs::directory_entry& entry : fs::directory_iterator(more)) {
            if (format.templates.size() > maxTemplates)
                throw Error("has too many chat templates", more.string());
            if (entry.path().extension() == ".jinja")
                addFile(entry.path(), entry.path().stem().string(), format);
        }
    } else if (config.contains("chat_template") && !config["chat_template"].is_null()) {
        addTemplates(config["chat_template"], configPath.string(), format);
    }
    return format;
}

}  // namespace retort
