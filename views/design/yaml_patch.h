// Changes one key of a run's YAML and leaves every other line, comments included, as the user wrote it.
#pragma once

#include <optional>
#include <string>

#include "core/util/json.h"

namespace retort {

/// `text` with `path` ("seed", "training.learning_rate") set to `value`; a key that is not there is added to
/// its section, a section that is not there at the end. Lists of maps are written as a block. nullopt where
/// the place is written in a form that is not edited line by line (a flow map); the caller then rewrites the
/// whole text or refuses.
std::optional<std::string> patchYaml(const std::string& text, const std::string& path, const Json& value);

/// `text` without the key; unchanged when it is not there.
std::optional<std::string> removeFromYaml(const std::string& text, const std::string& path);

}  // namespace retort
