// How single values are written in YAML, so that they read back as exactly the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/util/json.h"

namespace retort {

/// A plain value or a list of them: 1e-3, "a b", [1, 4].
std::string yamlScalar(const Json& value);

/// A text of several lines as a literal block: "|" or "|-", and then its lines, not indented. Nothing where
/// it has one line, or what a block cannot hold (those are written in quotes).
std::optional<std::vector<std::string>> yamlBlock(const Json& value);

}  // namespace retort
