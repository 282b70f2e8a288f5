// What differs between the configurations of several runs: only that, key by key.
#pragma once

#include <string>
#include <vector>

#include "core/util/json.h"

namespace retort {

struct ConfigDifference {
    std::string key;                  ///< "training.learning_rate", "data.tasks.0.max_digits"
    std::vector<std::string> values;  ///< one a configuration; empty where it has no such key
};

/// Leaves of a tree by dotted path, in the tree's order; lists of plain values are one leaf.
std::vector<std::pair<std::string, std::string>> flattenConfig(const Json& values);

/// Keys in the order of the first configuration that has them.
std::vector<ConfigDifference> diffConfigs(const std::vector<Json>& configs);

}  // namespace retort
