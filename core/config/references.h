// The places of a resolved configuration that name files and checkpoints.
#pragma once

#include <functional>
#include <string>

#include "core/config/parameter.h"
#include "core/util/json.h"

namespace retort {

/// What each reference becomes; `path` is where it stands ("data.files"), for messages.
struct ReferenceMap {
    std::function<std::string(const std::string& name, const std::string& path)> file;
    std::function<std::string(const std::string& name)> checkpoint;  ///< a folder, or "run:…"
};

/// Replaces every file and checkpoint that the values name; empty ones stay empty. Throws what the functions
/// throw. An adapter (lora.from) is not among them.
void mapReferences(Json& values, const RecipeSchema& schema, const ReferenceMap& map);

}  // namespace retort
