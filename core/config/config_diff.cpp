#include "core/config/config_diff.h"

#include <algorithm>
#include <map>
#include <set>

namespace retort {

namespace {

bool isLeaf(const Json& value) {
    if (value.is_object()) return value.empty();
    return !value.is_array() ||
           std::none_of(value.begin(), value.end(), [](const Json& v) { return v.is_structured(); });
}

void flatten(const Json& value, const std::string& path,
             std::vector<std::pair<std::string, std::string>>& into) {
    if (isLeaf(value)) {
        into.emplace_back(path, value.is_string() ? value.get<std::string>() : value.dump());
        return;
    }
    std::size_t position = 0;
    for (const auto& [key, child] : value.items()) {
        const std::string name = value.is_array() ? std::to_string(position++) : key;
        flatten(child, path.empty() ? name : path + "." + name, into);
    }
}

}  // namespace

std::vector<std::pair<std::string, std::string>> flattenConfig(const Json& values) {
    std::vector<std::pair<std::string, std::string>> leaves;
    if (values.is_object()) flatten(values, {}, leaves);
    return leaves;
}

std::vector<ConfigDifference> diffConfigs(const std::vector<Json>& configs) {
    std::vector<std::map<std::string, std::string>> flat;
    std::vector<std::string> keys;
    std::set<std::string> known;
    for (const Json& config : configs) {
        auto& leaves = flat.emplace_back();
        for (auto& [key, value] : flattenConfig(config)) {
            if (known.insert(key).second) keys.push_back(key);
            leaves.emplace(key, value);
        }
    }
    std::vector<ConfigDifference> differences;
    for (const std::string& key : keys) {
        ConfigDifference difference{key, {}};
        std::size_t having = 0;
        for (const auto& leaves : flat) {
            const auto found = leaves.find(key);
            having += found != leaves.end();
            difference.values.push_back(found == leaves.end() ? std::string() : found->second);
        }
        const bool same =
            having == flat.size() && std::all_of(difference.values.begin(), difference.values.end(),
                                                 [&](const auto& v) { return v == difference.values[0]; });
        if (!same) differences.push_back(std::move(difference));
    }
    return differences;
}

}  // namespace retort
