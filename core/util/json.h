// JSON as the whole program uses it: nlohmann's ordered type (keys keep the order in which they were
// written).
#pragma once

#include <nlohmann/json.hpp>

namespace retort {
using Json = nlohmann::ordered_json;
}
