// A resolved tree as YAML text that reads back as exactly the same values.
#include <algorithm>

#include "core/config/binding.h"
#include "core/config/load.h"
#include "core/config/values.h"
#include "core/config/yaml_text.h"
#include "core/util/error.h"

namespace retort {
namespace {

bool isFlat(const Json& list) {
    return std::none_of(list.begin(), list.end(), [](const Json& item) { return item.is_structured(); });
}

void writeMap(std::string& out, const Json& map, std::size_t indent, bool firstLineIndented);

void writeBlock(std::string& out, const std::vector<std::string>& lines, std::size_t indent) {
    out += " " + lines[0] + "\n";
    for (std::size_t i = 1; i < lines.size(); ++i) {
        if (!lines[i].empty()) out.append(indent, ' ') += lines[i];
        out += '\n';
    }
}

void writeValue(std::string& out, const Json& value, std::size_t indent) {
    if (value.is_object() && !value.empty()) {
        out += "\n";
        writeMap(out, value, indent + 2, true);
    } else if (const auto block = yamlBlock(value)) {
        writeBlock(out, *block, indent + 2);
    } else if (value.is_array() && !isFlat(value)) {
        out += "\n";
        for (const Json& item : value) {
            out += std::string(indent + 2, ' ') + "- ";
            writeMap(out, item, indent + 4, false);
        }
    } else {
        out += ' ';
        out += value.is_object() ? "{}" : yamlScalar(value);
        out += '\n';
    }
}

void writeMap(std::string& out, const Json& map, std::size_t indent, bool firstLineIndented) {
    bool indented = firstLineIndented;
    for (const auto& [key, value] : map.items()) {
        if (indented) out += std::string(indent, ' ');
        indented = true;
        out += key + ":";
        writeValue(out, value, indent);
    }
    if (map.empty()) out += "{}\n";
}

// A list item without the members that have their default.
Json changedMembers(const Parameter& parameter, const Json& item) {
    const std::string kind =
        parameter.discriminator.empty() ? "" : item.value(parameter.discriminator, std::string());
    Json changed = Json::object();
    if (!kind.empty()) changed[parameter.discriminator] = kind;
    for (const ParameterVariant& variant : parameter.variants)
        if (variant.name == kind)
            for (const Parameter& member : variant.parameters)
                if (item.contains(member.path) && item[member.path] != member.defaultValue)
                    changed[member.path] = item[member.path];
    return changed;
}

Json changedValue(const Parameter& parameter, const Json& value) {
    if (parameter.type != ParameterType::ObjectList) return value;
    Json list = Json::array();
    for (const Json& item : value) list.push_back(changedMembers(parameter, item));
    return list;
}

}  // namespace

std::string toYaml(const std::string& recipe, const Json& values, bool onlyChanged) {
    Json tree = Json::object();
    tree["recipe"] = recipe;
    for (const Parameter& parameter : recipeSchema(recipe).parameters) {
        const Json* value = valueAt(values, parameter.path);
        if (!value || (onlyChanged && *value == parameter.defaultValue)) continue;
        setValueAt(tree, parameter.path, onlyChanged ? changedValue(parameter, *value) : *value);
    }
    std::string out;
    writeMap(out, tree, 0, true);
    return out;
}

std::string toYaml(const RunConfig& config) {
    recipeSchema(config.recipe);  // names the nearest one when there is none
    return toYaml(config.recipe, findRecipe(config.recipe)->read(config), false);
}

}  // namespace retort
