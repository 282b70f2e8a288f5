// Values in a resolved configuration tree, by dotted path.
#pragma once

#include <string>
#include <vector>

#include "core/util/json.h"

namespace retort {

/// "a.b.0" to its parts.
std::vector<std::string> splitPath(const std::string& path);

/// nullptr when there is none. Numbers index into lists: "data.tasks.0.weight".
const Json* valueAt(const Json& values, const std::string& path);

/// Makes the maps on the way. List items must exist, or be the next one.
void setValueAt(Json& values, const std::string& path, Json value);

/// The shortest decimal text that reads back as exactly this number.
std::string shortestNumber(double value);

}  // namespace retort
