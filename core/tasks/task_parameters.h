// Declaring a task's parameters, and reading them with their declared defaults and ranges.
#pragma once

#include <string>
#include <vector>

#include "core/config/parameter.h"

namespace retort {

Parameter integerParameter(std::string name, std::int64_t defaultValue, std::int64_t minimum,
                           std::int64_t maximum, std::string help);
Parameter boolParameter(std::string name, bool defaultValue, std::string help);
Parameter textParameter(std::string name, std::string defaultValue, std::string help);
Parameter choiceParameter(std::string name, std::string defaultValue, std::vector<std::string> choices,
                          std::string help);

/// Every parameter of `variant`, from `given` or by default. Throws Error for unknown names, wrong types,
/// values out of range.
Json resolveParameters(const ParameterVariant& variant, const Json& given);

/// Throws Error unless values[low] <= values[high].
void requireOrdered(const ParameterVariant& variant, const Json& values, const char* low, const char* high);

}  // namespace retort
