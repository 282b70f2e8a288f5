// retort-cli schema: the declarations of core/config as text, Markdown or JSON.
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/table.h"
#include "core/config/parameter.h"
#include "core/config/values.h"

namespace retort::cli {
namespace {

std::string number(double value) {
    return shortestNumber(value);
}

std::string typeName(const Parameter& parameter) {
    switch (parameter.type) {
        case ParameterType::Bool:
            return "bool";
        case ParameterType::Integer:
            return "integer";
        case ParameterType::Real:
            return "number";
        case ParameterType::Text:
            return "text";
        case ParameterType::Choice:
            return "choice";
        case ParameterType::IntegerList:
            return "list of integers";
        case ParameterType::RealList:
            return "list of numbers";
        case ParameterType::TextList:
            return "list of texts";
        case ParameterType::ObjectList:
            return "list of maps";
    }
    return "";
}

std::string rangeOf(const Parameter& parameter) {
    if (!parameter.choices.empty()) {
        std::string text;
        for (const std::string& choice : parameter.choices)
            text.append(text.empty() ? "" : ", ").append(choice);
        return text;
    }
    std::string text;
    if (parameter.minimum) text = (parameter.exclusiveMinimum ? "> " : "≥ ") + number(*parameter.minimum);
    if (parameter.maximum) text.append(text.empty() ? "≤ " : ", ≤ ").append(number(*parameter.maximum));
    return text;
}

std::string defaultOf(const Parameter& parameter) {
    const Json& value = parameter.defaultValue;
    if (value.is_number_float()) return number(value.get<double>());
    return value.is_string() && !value.get_ref<const std::string&>().empty() ? value.get<std::string>()
                                                                             : value.dump();
}

std::string helpOf(const Parameter& parameter) {
    return parameter.help + (parameter.unit.empty() ? "" : " [" + parameter.unit + "]");
}

Json toJson(const Parameter& parameter) {
    Json json = {{"path", parameter.path},
                 {"type", typeName(parameter)},
                 {"default", parameter.defaultValue},
                 {"help", parameter.help}};
    if (!parameter.group.empty()) json["group"] = parameter.group;
    if (!parameter.unit.empty()) json["unit"] = parameter.unit;
    if (parameter.minimum)
        json[parameter.exclusiveMinimum ? "exclusive_minimum" : "minimum"] = *parameter.minimum;
    if (parameter.maximum) json["maximum"] = *parameter.maximum;
    if (!parameter.choices.empty()) json["choices"] = parameter.choices;
    if (parameter.advanced) json["advanced"] = true;
    if (!parameter.discriminator.empty()) json["discriminator"] = parameter.discriminator;
    for (const ParameterVariant& variant : parameter.variants) {
        Json members = Json::array();
        for (const Parameter& member : variant.parameters) members.push_back(toJson(member));
        json["variants"].push_back({{"name", variant.name}, {"help", variant.help}, {"parameters", members}});
    }
    return json;
}

Json toJson(const RecipeSchema& schema) {
    Json parameters = Json::array();
    for (const Parameter& parameter : schema.parameters) parameters.push_back(toJson(parameter));
    return {{"recipe", schema.name}, {"help", schema.help}, {"parameters", parameters}};
}

std::string escapedForMarkdown(std::string text) {
    for (std::size_t i = text.find('|'); i != std::string::npos; i = text.find('|', i + 2))
        text.insert(i, "\\");
    return text;
}

void markdownTable(const std::vector<Parameter>& parameters) {
    std::puts("| parameter | type | default | range | meaning |\n|---|---|---|---|---|");
    for (const Parameter& each : parameters)
        std::printf("| `%s` | %s | `%s` | %s | %s |\n", each.path.c_str(), typeName(each).c_str(),
                    defaultOf(each).c_str(), rangeOf(each).c_str(), escapedForMarkdown(helpOf(each)).c_str());
    std::puts("");
}

void textTable(const std::vector<Parameter>& parameters) {
    std::vector<std::vector<std::string>> rows;
    for (const Parameter& each : parameters)
        rows.push_back({"  " + each.path, typeName(each), defaultOf(each), rangeOf(each), helpOf(each)});
    std::fputs(formatTable({"  parameter", "type", "default", "range", "meaning"}, rows).c_str(), stdout);
    std::puts("");
}

void printTable(const std::vector<Parameter>& parameters, bool markdown) {
    if (parameters.empty()) return;
    markdown ? markdownTable(parameters) : textTable(parameters);
}

void printVariants(const Parameter& parameter, bool markdown) {
    for (const ParameterVariant& variant : parameter.variants) {
        const std::string item =
            variant.name.empty() ? "an item" : parameter.discriminator + ": " + variant.name;
        std::printf(markdown ? "#### `%s`, %s\n\n%s\n\n" : "%s, %s: %s\n", parameter.path.c_str(),
                    item.c_str(), variant.help.c_str());
        printTable(variant.parameters, markdown);
    }
}

void print(const RecipeSchema& schema, bool markdown) {
    std::printf(markdown ? "## %s\n\n%s\n\n" : "%s: %s\n\n", schema.name.c_str(), schema.help.c_str());
    std::vector<std::string> groups;
    for (const Parameter& each : schema.parameters)
        if (groups.empty() || groups.back() != each.group) groups.push_back(each.group);
    for (const std::string& group : groups) {
        std::printf(markdown ? "### %s\n\n" : "%s\n", group.c_str());
        std::vector<Parameter> members;
        for (const Parameter& each : schema.parameters)
            if (each.group == group) members.push_back(each);
        printTable(members, markdown);
        for (const Parameter& each : members) printVariants(each, markdown);
    }
}

}  // namespace

int runSchema(Context& context) {
    const std::string name = context.arguments().positional(0);
    std::vector<RecipeSchema> schemas = recipeSchemas();
    if (!name.empty()) schemas = {recipeSchema(name)};
    if (context.json()) {
        Json list = Json::array();
        for (const RecipeSchema& schema : schemas) list.push_back(toJson(schema));
        std::puts((name.empty() ? list : list[0]).dump(2).c_str());
        return exitOk;
    }
    for (const RecipeSchema& schema : schemas) print(schema, context.arguments().has("--markdown"));
    return exitOk;
}

}  // namespace retort::cli
