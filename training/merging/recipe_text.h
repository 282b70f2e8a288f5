// A recipe's text with some of its values changed: --set of the command line, sliders of the window.
#pragma once

#include <string>
#include <vector>

#include "core/config/yaml_reader.h"

namespace retort {

/// YAML of a tree; what was quoted stays text. Comments are not in a tree.
std::string writeYamlTree(const YamlNode& node);

/// `overrides`: "models.0.parameters.weight=0.3"; a list's items by index, values in YAML, keys that are not
/// there are added. Throws Error naming the override.
std::string recipeWith(const std::string& text, const std::vector<std::string>& overrides);

}  // namespace retort
