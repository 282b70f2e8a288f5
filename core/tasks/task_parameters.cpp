#include "core/tasks/task_parameters.h"

#include <algorithm>

#include "core/util/error.h"

namespace retort {
namespace {

Parameter parameter(std::string name, ParameterType type, Json defaultValue, std::string help) {
    Parameter p;
    p.path = std::move(name);
    p.type = type;
    p.defaultValue = std::move(defaultValue);
    p.help = std::move(help);
    p.group = "Data";
    return p;
}

// What is wrong with a value; empty: nothing.
std::string objection(const Parameter& p, const Json& value) {
    switch (p.type) {
        case ParameterType::Bool:
            return value.is_boolean() ? "" : "expected true or false";
        case ParameterType::Integer:
            if (!value.is_number_integer()) return "expected a whole number";
            if (value.get<double>() < *p.minimum || value.get<double>() > *p.maximum)
                return "expected " + std::to_string(std::int64_t(*p.minimum)) + " to " +
                       std::to_string(std::int64_t(*p.maximum));
            return "";
        case ParameterType::Choice: {
            const auto found = value.is_string()
                                   ? std::find(p.choices.begin(), p.choices.end(), value.get<std::string>())
                                   : p.choices.end();
            if (found != p.choices.end()) return "";
            std::string names;
            for (const std::string& choice : p.choices) names += (names.empty() ? "" : ", ") + choice;
            return "expected one of " + names;
        }
        default:
            return value.is_string() ? "" : "expected a text";
    }
}

}  // namespace

Parameter integerParameter(std::string name, std::int64_t defaultValue, std::int64_t minimum,
                           std::int64_t maximum, std::string help) {
    Parameter p = parameter(std::move(name), ParameterType::Integer, defaultValue, std::move(help));
    p.minimum = double(minimum);
    p.maximum = double(maximum);
    return p;
}

Parameter boolParameter(std::string name, bool defaultValue, std::string help) {
    return parameter(std::move(name), ParameterType::Bool, defaultValue, std::move(help));
}

Parameter textParameter(std::string name, std::string defaultValue, std::string help) {
    return parameter(std::move(name), ParameterType::Text, std::move(defaultValue), std::move(help));
}

Parameter choiceParameter(std::string name, std::string defaultValue, std::vector<std::string> choices,
                          std::string help) {
    Parameter p = parameter(std::move(name), ParameterType::Choice, std::move(defaultValue), std::move(help));
    p.choices = std::move(choices);
    return p;
}

Json resolveParameters(const ParameterVariant& variant, const Json& given) {
    const std::string where = "task " + variant.name;
    if (!given.is_object() && !given.is_null()) throw Error("its parameters must be a map", where);
    Json values = Json::object();
    for (const Parameter& p : variant.parameters) {
        values[p.path] = given.is_object() && given.contains(p.path) ? given[p.path] : p.defaultValue;
        if (const std::string reason = objection(p, values[p.path]); !reason.empty())
            throw Error(p.path + ": " + reason + ", found " + values[p.path].dump(), where);
    }
    if (given.is_object())
        for (const auto& [name, value] : given.items())
            if (!values.contains(name)) throw Error("has no parameter '" + name + "'", where);
    return values;
}

void requireOrdered(const ParameterVariant& variant, const Json& values, const char* low, const char* high) {
    if (values[low].get<std::int64_t>() > values[high].get<std::int64_t>())
        throw Error(std::string(low) + " is larger than " + high, "task " + variant.name);
}

}  // namespace retort
