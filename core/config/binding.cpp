#include "core/config/binding.h"

#include <algorithm>

#include "core/config/values.h"

namespace retort {
namespace {

// Keys of a list item that the settings struct has itself; the rest are the variant's own parameters.
Json withoutKeys(const Json& json, std::initializer_list<const char*> keys) {
    Json rest = Json::object();
    for (const auto& [key, value] : json.items())
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) rest[key] = value;
    return rest;
}

void append(Json& json, const Json& parameters) {
    for (const auto& [key, value] : parameters.items()) json[key] = value;
}

}  // namespace

void to_json(Json& json, const TaskSettings& settings) {
    json = Json{{"task", settings.task},
                {"name", settings.name},
                {"weight", settings.weight},
                {"worked_share", settings.worked_share},
                {"examples", settings.examples}};
    append(json, settings.parameters);
}

void from_json(const Json& json, TaskSettings& settings) {
    const TaskSettings defaults;
    settings.task = json.value("task", defaults.task);
    settings.name = json.value("name", defaults.name);
    settings.weight = json.value("weight", defaults.weight);
    settings.worked_share = json.value("worked_share", defaults.worked_share);
    settings.examples = json.value("examples", defaults.examples);
    settings.parameters = withoutKeys(json, {"task", "name", "weight", "worked_share", "examples"});
}

void to_json(Json& json, const FileSettings& settings) {
    json = Json{{"path", settings.path},
                {"prompt_field", settings.prompt_field},
                {"completion_field", settings.completion_field},
                {"answer_field", settings.answer_field},
                {"weight", settings.weight},
                {"held_out_share", settings.held_out_share},
                {"chat_template", settings.chat_template},
                {"verifier", settings.verifier}};
}

void from_json(const Json& json, FileSettings& settings) {
    const FileSettings defaults;
    settings.path = json.value("path", defaults.path);
    settings.prompt_field = json.value("prompt_field", defaults.prompt_field);
    settings.completion_field = json.value("completion_field", defaults.completion_field);
    settings.answer_field = json.value("answer_field", defaults.answer_field);
    settings.weight = json.value("weight", defaults.weight);
    settings.held_out_share = json.value("held_out_share", defaults.held_out_share);
    settings.chat_template = json.value("chat_template", defaults.chat_template);
    settings.verifier = json.value("verifier", defaults.verifier);
}

void to_json(Json& json, const RewardSettings& settings) {
    json = Json{{"reward", settings.reward}, {"weight", settings.weight}};
    append(json, settings.parameters);
}

void from_json(const Json& json, RewardSettings& settings) {
    settings.reward = json.value("reward", std::string());
    settings.weight = json.value("weight", 1.0);
    settings.parameters = withoutKeys(json, {"reward", "weight"});
}

Json BoundRecipe::read(const RunConfig& config) const {
    Json values = Json::object();
    values["recipe"] = schema.name;
    for (std::size_t i = 0; i < bindings.size(); ++i)
        setValueAt(values, schema.parameters[i].path, bindings[i].read(config));
    return values;
}

RunConfig BoundRecipe::write(const Json& values) const {
    RunConfig config = defaults;
    for (std::size_t i = 0; i < bindings.size(); ++i)
        if (const Json* value = valueAt(values, schema.parameters[i].path)) bindings[i].write(config, *value);
    return config;
}

const BoundRecipe* findRecipe(const std::string& name) {
    for (const BoundRecipe& recipe : boundRecipes())
        if (recipe.schema.name == name) return &recipe;
    return nullptr;
}

}  // namespace retort
