#include "views/merge/recipe_text.h"

#include <algorithm>
#include <charconv>

#include "core/config/values.h"
#include "core/config/yaml_reader.h"
#include "core/config/yaml_text.h"

namespace retort {

namespace {

/// Numbers and flags as YAML and Python write them.
std::optional<double> numberOf(const YamlNode& node) {
    if (node.kind != YamlNode::Kind::Scalar || node.quoted) return std::nullopt;
    std::string text = node.scalar;
    std::transform(text.begin(), text.end(), text.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    if (text == "true" || text == "yes" || text == "on") return 1;
    if (text == "false" || text == "no" || text == "off") return 0;
    const char* begin = text.data() + (text.starts_with('+') ? 1 : 0);
    double value = 0;
    const auto [end, error] = std::from_chars(begin, text.data() + text.size(), value);
    const bool whole = error == std::errc() && end == text.data() + text.size();
    return whole && value - value == 0 ? std::optional(value) : std::nullopt;
}

RecipeValues readValues(const YamlNode* node) {
    RecipeValues values;
    if (!node || node->kind != YamlNode::Kind::Map) return values;
    for (const auto& [name, value] : node->entries) {
        if (const auto number = numberOf(value))
            values.numbers[name] = *number;
        else if (value.kind != YamlNode::Kind::Null)
            values.inText.insert(name);
    }
    return values;
}

std::string scalarOf(const YamlNode& map, const std::string& key) {
    const YamlNode* node = map.find(key);
    return node && node->kind == YamlNode::Kind::Scalar ? node->scalar : std::string();
}

void writeValues(std::string& text, const RecipeValues& values, const std::string& margin) {
    if (values.numbers.empty()) return;
    text += margin + "parameters:\n";
    for (const auto& [name, value] : values.numbers)
        text += margin + "  " + name + ": " + shortestNumber(value) + "\n";
}

}  // namespace

const BenchParameter* BenchMethod::find(const std::string& parameter, bool perModel) const {
    for (const BenchParameter& each : parameters)
        if (each.name == parameter && each.perModel == perModel) return &each;
    return nullptr;
}

std::optional<double> RecipeView::valueOf(const BenchParameter& parameter, std::size_t model) const {
    if (parameter.perModel && model < models.size()) {
        const auto& own = models[model].values.numbers;
        if (const auto found = own.find(parameter.name); found != own.end()) return found->second;
    }
    if (const auto found = values.numbers.find(parameter.name); found != values.numbers.end())
        return found->second;
    return parameter.fallback;
}

bool RecipeView::isInText(const BenchParameter& parameter, std::size_t model) const {
    if (parameter.perModel && model < models.size()) {
        const RecipeValues& own = models[model].values;
        if (own.inText.contains(parameter.name)) return true;
        if (own.numbers.contains(parameter.name)) return false;
    }
    return values.inText.contains(parameter.name);
}

std::vector<std::string> RecipeView::names() const {
    std::vector<std::string> all;
    if (!base.empty()) all.push_back(base);
    for (const RecipeModel& model : models)
        if (std::find(all.begin(), all.end(), model.name) == all.end()) all.push_back(model.name);
    return all;
}

std::size_t RecipeView::mergedModels() const {
    return static_cast<std::size_t>(std::count_if(
        models.begin(), models.end(), [this](const RecipeModel& model) { return model.name != base; }));
}

RecipeView readRecipe(const std::string& text) {
    RecipeView view;
    std::vector<YamlComplaint> complaints;
    const YamlNode root = readYaml(text, complaints);
    if (!complaints.empty() || (root.kind != YamlNode::Kind::Map && root.kind != YamlNode::Kind::Null)) {
        view.readable = view.isFlat = false;
        view.problem =
            complaints.empty() ? "expected keys such as merge_method:" : complaints.front().message;
        view.line = complaints.empty() ? 1 : complaints.front().place.line;
        return view;
    }
    view.method = scalarOf(root, "merge_method");
    view.base = scalarOf(root, "base_model");
    view.values = readValues(root.find("parameters"));
    view.isFlat = !root.find("slices") && !root.find("modules");
    const YamlNode* models = root.find("models");
    if (!models || models->kind != YamlNode::Kind::List) return view;
    for (const YamlNode& item : models->items) {
        const bool isMap = item.kind == YamlNode::Kind::Map;
        view.models.push_back({isMap ? scalarOf(item, "model") : item.scalar,
                               isMap ? readValues(item.find("parameters")) : RecipeValues()});
    }
    return view;
}

std::string writeRecipe(const RecipeView& recipe) {
    std::string text = "merge_method: " + yamlScalar(Json(recipe.method)) + "\n";
    if (!recipe.base.empty()) text += "base_model: " + yamlScalar(Json(recipe.base)) + "\n";
    if (!recipe.models.empty()) text += "models:\n";
    for (const RecipeModel& model : recipe.models) {
        text += "  - model: " + yamlScalar(Json(model.name)) + "\n";
        writeValues(text, model.values, "    ");
    }
    writeValues(text, recipe.values, "");
    return text + "dtype: float32\n";
}

}  // namespace retort
