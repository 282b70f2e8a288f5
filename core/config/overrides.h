// "key.path=value" laid over a configuration's tree, before it is validated.
#pragma once

#include <string>
#include <vector>

#include "core/config/parameter.h"
#include "core/config/yaml_reader.h"

namespace retort {

struct Override {
    std::string text, path, value;
};

/// Splits at the first '='; without one, `path` is empty.
Override parseOverride(const std::string& text);

/// Puts the value at its path. Lists that the text leaves to their default are taken over from the schema
/// first, so that "grpo.rewards.0.weight=2" means what it says. Returns what was wrong, or an empty string.
std::string applyOverride(YamlNode& root, const Override& override, const RecipeSchema& schema);

}  // namespace retort
