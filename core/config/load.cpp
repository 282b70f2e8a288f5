#include "core/config/load.h"

#include <charconv>
#include <cmath>
#include <map>

#include "core/config/binding.h"
#include "core/config/checks.h"
#include "core/config/names.h"
#include "core/config/overrides.h"
#include "core/config/values.h"
#include "core/config/yaml_reader.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace retort {
namespace {

constexpr std::size_t mostProblems = 100;
using Kind = YamlNode::Kind;

std::string shown(const YamlNode& node) {
    switch (node.kind) {
        case Kind::Null:
            return "nothing";
        case Kind::List:
            return "a list";
        case Kind::Map:
            return "a map";
        case Kind::Scalar:
            break;
    }
    std::string text = node.scalar.substr(0, 60);
    // Not in the middle of a UTF-8 sequence.
    while (text.size() < node.scalar.size() && !text.empty() && (node.scalar[text.size()] & 0xC0) == 0x80)
        text.pop_back();
    return "'" + text + (text.size() < node.scalar.size() ? "…'" : "'");
}

std::string rangeText(const Parameter& parameter) {
    const auto number = [](double value) {
        return std::abs(value) < 1e15 && value == std::floor(value) ? std::to_string(std::int64_t(value))
                                                                    : shortestNumber(value);
    };
    std::string text;
    if (parameter.minimum) text += (parameter.exclusiveMinimum ? " > " : " >= ") + number(*parameter.minimum);
    if (parameter.maximum) text += (text.empty() ? " <= " : " and <= ") + number(*parameter.maximum);
    return text;
}

std::string expected(const Parameter& parameter) {
    switch (parameter.type) {
        case ParameterType::Bool:
            return "true or false";
        case ParameterType::Integer:
            return "an integer" + rangeText(parameter);
        case ParameterType::Real:
            return "a number" + rangeText(parameter);
        case ParameterType::Text:
            return "text";
        case ParameterType::IntegerList:
            return "a list of integers" + rangeText(parameter);
        case ParameterType::TextList:
            return "a list of texts";
        case ParameterType::ObjectList:
            return "a list of maps";
        case ParameterType::Choice:
            break;
    }
    std::string text = "one of ";
    for (std::size_t i = 0; i < parameter.choices.size(); ++i) text += (i ? ", " : "") + parameter.choices[i];
    return text;
}

bool inRange(const Parameter& parameter, double value) {
    if (!std::isfinite(value)) return false;
    if (parameter.minimum &&
        (parameter.exclusiveMinimum ? value <= *parameter.minimum : value < *parameter.minimum))
        return false;
    return !parameter.maximum || value <= *parameter.maximum;
}

std::optional<double> parseNumber(const YamlNode& node) {
    if (node.kind != Kind::Scalar || node.quoted || node.scalar.empty()) return std::nullopt;
    const char* begin = node.scalar.data();
    const char* end = begin + node.scalar.size();
    if (*begin == '+' && node.scalar.size() > 1 && begin[1] != '-') ++begin;
    double value = 0;
    const auto [rest, code] = std::from_chars(begin, end, value);
    if (code != std::errc() || rest != end || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::optional<std::int64_t> parseInteger(const YamlNode& node) {
    if (node.kind != Kind::Scalar || node.quoted) return std::nullopt;
    std::int64_t value = 0;
    const char* end = node.scalar.data() + node.scalar.size();
    if (const auto [rest, code] = std::from_chars(node.scalar.data(), end, value);
        code == std::errc() && rest == end)
        return value;
    // 1e4 is an integer to everybody but YAML.
    const std::optional<double> number = parseNumber(node);
    if (number && *number == std::floor(*number) && std::abs(*number) <= 9007199254740992.0)
        return std::int64_t(*number);
    return std::nullopt;
}

// One pass over a tree: fills `values`, remembers where things stood, and collects what is wrong.
class Validation {
  public:
    Validation(const RecipeSchema& schema, Json& values, std::map<std::string, TextPlace>& places,
               std::function<void(TextPlace, bool, std::string, std::string, std::string)> report)
        : m_schema(schema), m_values(values), m_places(places), m_report(std::move(report)) {}

    void section(const YamlNode& map, const std::string& prefix) {
        for (std::size_t i = 0; i < map.entries.size(); ++i) {
            const auto& [key, node] = map.entries[i];
            const std::string path = prefix + key;
            if (path == "recipe") continue;
            if (const Parameter* parameter = m_schema.find(path)) {
                m_places[path] = node.place;
                if (std::optional<Json> value = read(*parameter, node, path))
                    setValueAt(m_values, path, *value);
            } else if (isSection(path)) {
                m_places[path] = map.keyPlaces[i];
                if (node.kind == Kind::Map)
                    section(node, path + ".");
                else if (node.kind != Kind::Null)
                    complain(node, path, "expected a map of parameters, found " + shown(node), "");
            } else {
                unknown(map.keyPlaces[i], node.fromOverride, prefix, key);
            }
        }
    }

  private:
    void complain(const YamlNode& node, const std::string& path, std::string message, std::string hint) {
        m_report(node.place, node.fromOverride, path, std::move(message), std::move(hint));
    }

    bool isSection(const std::string& path) const {
        for (const Parameter& parameter : m_schema.parameters)
            if (parameter.path.rfind(path + ".", 0) == 0) return true;
        return false;
    }

    void unknown(TextPlace place, bool fromOverride, const std::string& prefix, const std::string& key) {
        std::vector<std::string> siblings, names;
        std::string elsewhere;
        for (const Parameter& parameter : m_schema.parameters) {
            const std::size_t dot = parameter.path.rfind('.');
            const std::string name =
                dot == std::string::npos ? parameter.path : parameter.path.substr(dot + 1);
            if (parameter.path.rfind(prefix, 0) == 0)
                siblings.push_back(splitPath(parameter.path.substr(prefix.size()))[0]);
            if (name == key) elsewhere = parameter.path;
            names.push_back(name);
        }
        if (prefix.empty()) siblings.push_back("recipe");
        std::string hint = elsewhere.empty() ? didYouMean(key, siblings) : "did you mean " + elsewhere + "?";
        // Misspelt and in the wrong section.
        if (const std::string near = nearestName(key, names); hint.empty() && !near.empty())
            hint =
                "did you mean " +
                m_schema.parameters[std::size_t(std::find(names.begin(), names.end(), near) - names.begin())]
                    .path +
                "?";
        m_report(place, fromOverride, prefix + key, "the recipe " + m_schema.name + " has no such parameter",
                 hint);
    }

    std::optional<Json> read(const Parameter& parameter, const YamlNode& node, const std::string& path) {
        switch (parameter.type) {
            case ParameterType::Bool:
                return readBool(parameter, node, path);
            case ParameterType::Integer:
                return readInteger(parameter, node, path);
            case ParameterType::Real:
                return readReal(parameter, node, path);
            case ParameterType::Text:
                return readText(parameter, node, path);
            case ParameterType::Choice:
                return readChoice(parameter, node, path);
            case ParameterType::IntegerList:
            case ParameterType::TextList:
                return readList(parameter, node, path);
            case ParameterType::ObjectList:
                return readObjects(parameter, node, path);
        }
        return std::nullopt;
    }

    std::optional<Json> wrong(const Parameter& parameter, const YamlNode& node, const std::string& path,
                              std::string hint = "") {
        if (hint.empty() && node.quoted && parameter.type != ParameterType::Choice && !node.fromOverride)
            hint = "without quotes?";
        complain(node, path, "expected " + expected(parameter) + ", found " + shown(node), std::move(hint));
        return std::nullopt;
    }

    std::optional<Json> readBool(const Parameter& parameter, const YamlNode& node, const std::string& path) {
        const bool plain = node.kind == Kind::Scalar && !node.quoted;
        if (plain && (node.scalar == "true" || node.scalar == "True")) return Json(true);
        if (plain && (node.scalar == "false" || node.scalar == "False")) return Json(false);
        return wrong(parameter, node, path);
    }

    std::optional<Json> readInteger(const Parameter& parameter, const YamlNode& node,
                                    const std::string& path) {
        const std::optional<std::int64_t> value = parseInteger(node);
        if (!value || !inRange(parameter, double(*value))) return wrong(parameter, node, path);
        return Json(*value);
    }

    std::optional<Json> readReal(const Parameter& parameter, const YamlNode& node, const std::string& path) {
        const std::optional<double> value = parseNumber(node);
        if (!value || !inRange(parameter, *value)) return wrong(parameter, node, path);
        return Json(*value);
    }

    std::optional<Json> readText(const Parameter& parameter, const YamlNode& node, const std::string& path) {
        if (node.kind == Kind::Null) return wrong(parameter, node, path, "write \"\" for empty text");
        if (node.kind != Kind::Scalar) return wrong(parameter, node, path);
        if (node.scalar.find('\0') != std::string::npos) {
            complain(node, path, "the text contains a NUL character", "");
            return std::nullopt;
        }
        return Json(node.scalar);
    }

    std::optional<Json> readChoice(const Parameter& parameter, const YamlNode& node,
                                   const std::string& path) {
        if (node.kind == Kind::Scalar)
            for (const std::string& choice : parameter.choices)
                if (node.scalar == choice) return Json(choice);
        return wrong(parameter, node, path,
                     node.kind == Kind::Scalar ? didYouMean(node.scalar, parameter.choices) : "");
    }

    std::optional<Json> readList(const Parameter& parameter, const YamlNode& node, const std::string& path) {
        if (node.kind != Kind::List)
            return wrong(parameter, node, path,
                         node.kind == Kind::Scalar ? "write it as [" + node.scalar.substr(0, 60) + "]" : "");
        Parameter item = parameter;
        item.type =
            parameter.type == ParameterType::IntegerList ? ParameterType::Integer : ParameterType::Text;
        Json list = Json::array();
        bool good = true;
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            const std::string itemPath = path + "." + std::to_string(i);
            m_places[itemPath] = node.items[i].place;
            if (std::optional<Json> value = read(item, node.items[i], itemPath))
                list.push_back(*value);
            else
                good = false;
        }
        return good ? std::optional<Json>(list) : std::nullopt;
    }

    std::optional<Json> readObjects(const Parameter& parameter, const YamlNode& node,
                                    const std::string& path) {
        if (node.kind != Kind::List) return wrong(parameter, node, path, "begin each item with a dash");
        Json list = Json::array();
        for (std::size_t i = 0; i < node.items.size(); ++i) {
            const std::string itemPath = path + "." + std::to_string(i);
            m_places[itemPath] = node.items[i].place;
            if (std::optional<Json> value = readObject(parameter, node.items[i], itemPath))
                list.push_back(*value);
        }
        return list;
    }

    const ParameterVariant* variantOf(const Parameter& parameter, const YamlNode& node,
                                      const std::string& path) {
        if (parameter.discriminator.empty()) return &parameter.variants.front();
        std::vector<std::string> names;
        for (const ParameterVariant& variant : parameter.variants) names.push_back(variant.name);
        Parameter kind;
        kind.type = ParameterType::Choice;
        kind.choices = names;
        const YamlNode* name = node.find(parameter.discriminator);
        if (!name) {
            complain(node, path + "." + parameter.discriminator, "is missing: " + expected(kind), "");
            return nullptr;
        }
        if (!readChoice(kind, *name, path + "." + parameter.discriminator)) return nullptr;
        for (const ParameterVariant& variant : parameter.variants)
            if (variant.name == name->scalar) return &variant;
        return nullptr;
    }

    std::optional<Json> readObject(const Parameter& parameter, const YamlNode& node,
                                   const std::string& path) {
        if (node.kind != Kind::Map) {
            complain(node, path, "expected a map, found " + shown(node),
                     parameter.discriminator.empty() ? "" : "write it as " + parameter.discriminator + ": …");
            return std::nullopt;
        }
        const ParameterVariant* variant = variantOf(parameter, node, path);
        if (!variant) return std::nullopt;
        Json object = Json::object();
        if (!parameter.discriminator.empty()) object[parameter.discriminator] = variant->name;
        for (const Parameter& member : variant->parameters) {
            object[member.path] = member.defaultValue;
            const YamlNode* given = node.find(member.path);
            if (!given) continue;
            m_places[path + "." + member.path] = given->place;
            if (std::optional<Json> value = read(member, *given, path + "." + member.path))
                object[member.path] = *value;
        }
        reportStrangers(parameter, *variant, node, path);
        return object;
    }

    void reportStrangers(const Parameter& parameter, const ParameterVariant& variant, const YamlNode& node,
                         const std::string& path) {
        std::vector<std::string> known;
        for (const Parameter& member : variant.parameters) known.push_back(member.path);
        if (!parameter.discriminator.empty()) known.push_back(parameter.discriminator);
        for (std::size_t i = 0; i < node.entries.size(); ++i) {
            const auto& [key, value] = node.entries[i];
            if (std::find(known.begin(), known.end(), key) != known.end()) continue;
            const std::string owner = variant.name.empty() ? "an item of " + parameter.path : variant.name;
            m_report(node.keyPlaces[i], value.fromOverride, path + "." + key,
                     owner + " has no such parameter", didYouMean(key, known));
        }
    }

    const RecipeSchema& m_schema;
    Json& m_values;
    std::map<std::string, TextPlace>& m_places;
    std::function<void(TextPlace, bool, std::string, std::string, std::string)> m_report;
};

const BoundRecipe& recipeOf(const YamlNode& root,
                            const std::function<void(TextPlace, std::string, std::string)>& report) {
    const BoundRecipe& fallback = *findRecipe(RunConfig().recipe);
    const YamlNode* node = root.find("recipe");
    if (!node) return fallback;
    std::vector<std::string> names;
    std::string list;
    for (const BoundRecipe& recipe : boundRecipes()) {
        if (node->kind == Kind::Scalar && node->scalar == recipe.schema.name) return recipe;
        names.push_back(recipe.schema.name);
        list += (list.empty() ? "" : ", ") + recipe.schema.name;
    }
    report(node->place, "expected one of " + list + ", found " + shown(*node),
           node->kind == Kind::Scalar ? didYouMean(node->scalar, names) : "");
    return fallback;
}

// The nearest place in the text to a path: its own, or that of what contains it.
TextPlace placeOf(const std::map<std::string, TextPlace>& places, std::string path) {
    while (!path.empty()) {
        if (const auto found = places.find(path); found != places.end()) return found->second;
        const std::size_t dot = path.rfind('.');
        path.resize(dot == std::string::npos ? 0 : dot);
    }
    return {};
}

}  // namespace

std::string ConfigProblem::text() const {
    std::string result = file;
    if (line > 0) result += ":" + std::to_string(line) + ":" + std::to_string(column);
    if (!result.empty()) result += ": ";
    if (!path.empty()) result += path + ": ";
    result += message;
    if (!hint.empty()) result += " (" + hint + ")";
    return result;
}

ParsedConfig parseConfig(const std::string& yaml, const std::string& fileName,
                         const std::vector<std::string>& overrides) {
    ParsedConfig parsed;
    const auto report = [&](TextPlace place, bool fromOverride, std::string path, std::string message,
                            std::string hint) {
        if (parsed.problems.size() < mostProblems)
            parsed.problems.push_back({fromOverride ? "--set" : fileName, place.line, place.column,
                                       std::move(path), std::move(message), std::move(hint)});
    };
    std::vector<YamlComplaint> complaints;
    YamlNode root = readYaml(yaml, complaints);
    for (YamlComplaint& complaint : complaints)
        report(complaint.place, false, "", std::move(complaint.message), std::move(complaint.hint));
    const bool readable = complaints.empty();
    if (root.kind != Kind::Map && root.kind != Kind::Null) {
        report(root.place, false, "", "expected a map of parameters, found " + shown(root),
               "a configuration begins with recipe: sft");
        root = {};
    }

    // The recipe decides what the other overrides mean, so it goes first.
    std::vector<Override> pending;
    for (const std::string& text : overrides) {
        const Override override = parseOverride(text);
        if (override.path == "recipe")
            applyOverride(root, override, recipeSchemas().front());
        else
            pending.push_back(override);
    }
    const BoundRecipe& recipe = recipeOf(root, [&](TextPlace place, std::string message, std::string hint) {
        report(place, place.line == 0, "recipe", std::move(message), std::move(hint));
    });
    for (const Override& override : pending)
        if (std::string wrong = applyOverride(root, override, recipe.schema); !wrong.empty())
            report({}, true, override.path.empty() ? override.text : override.path, std::move(wrong), "");

    parsed.values = recipe.read(recipe.defaults);
    std::map<std::string, TextPlace> places;
    Validation(recipe.schema, parsed.values, places, report).section(root, "");
    parsed.config = recipe.write(parsed.values);
    // Contradictions between values that were not read rightly would only confuse.
    if (readable && parsed.problems.empty())
        checkContradictions(
            parsed.config, [&](const std::string& path, const std::string& message, const std::string& hint) {
                report(placeOf(places, path), false, path, message, hint);
            });
    return parsed;
}

RunConfig loadConfig(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
    ParsedConfig parsed = parseConfig(readFile(file, 4u << 20), file.string(), overrides);
    throwProblems(parsed);
    return std::move(parsed.config);
}

void throwProblems(const ParsedConfig& parsed) {
    if (parsed.problems.empty()) return;
    std::string text;
    for (const ConfigProblem& problem : parsed.problems) {
        if (!text.empty()) text += '\n';
        text += problem.text();
    }
    throw Error(text);
}

}  // namespace retort
