#include "core/config/merge_models.h"

#include <yaml-cpp/yaml.h>

#include "core/util/error.h"
#include "core/util/json.h"

namespace retort {
namespace {

struct Place {
    std::size_t begin = 0, end = 0;  // bytes in the text, quotes included
    std::string name;
};

bool isModelKey(const std::string& key, const std::string& name) {
    if (key == "model" || key == "base_model") return true;
    return (key == "tokenizer_source" || key == "source") && name != "union" && name != "base";
}

// Where a scalar that begins at `begin` ends in the text.
std::size_t endOfScalar(const std::string& text, std::size_t begin, const std::string& value) {
    const char quote = text[begin];
    if (quote != '"' && quote != '\'') {
        if (text.compare(begin, value.size(), value) == 0) return begin + value.size();
        throw Error("a model's name stands over several lines", "merge recipe");
    }
    for (std::size_t i = begin + 1; i < text.size(); ++i) {
        if (quote == '"' && text[i] == '\\') {
            ++i;
        } else if (text[i] == quote) {
            if (quote == '"' || i + 1 >= text.size() || text[i + 1] != quote) return i + 1;
            ++i;
        }
    }
    throw Error("a model's name has no closing quote", "merge recipe");
}

void collect(const std::string& text, const YAML::Node& node, int depth, std::vector<Place>& places) {
    if (depth > 32) throw Error("is nested too deeply", "merge recipe");
    if (node.IsSequence())
        for (const YAML::Node& item : node) collect(text, item, depth + 1, places);
    if (!node.IsMap()) return;
    for (const auto& entry : node) {
        if (!entry.first.IsScalar()) continue;
        const YAML::Node& value = entry.second;
        if (!value.IsScalar()) {
            collect(text, value, depth + 1, places);
        } else if (isModelKey(entry.first.Scalar(), value.Scalar()) && value.Mark().pos >= 0) {
            const std::size_t begin = std::size_t(value.Mark().pos);
            places.push_back({begin, endOfScalar(text, begin, value.Scalar()), value.Scalar()});
        }
    }
}

std::vector<Place> placesOf(const std::string& recipe) {
    if (recipe.size() > (4u << 20)) throw Error("is larger than 4 MB", "merge recipe");
    std::vector<Place> places;
    try {
        collect(recipe, YAML::Load(recipe), 0, places);
    } catch (const YAML::Exception& error) {
        throw Error(error.msg, "merge recipe:" + std::to_string(error.mark.line + 1));
    }
    std::sort(places.begin(), places.end(), [](const Place& a, const Place& b) { return a.begin < b.begin; });
    // An anchor's alias shows the same place twice.
    places.erase(std::unique(places.begin(), places.end(),
                             [](const Place& a, const Place& b) { return a.begin == b.begin; }),
                 places.end());
    return places;
}

}  // namespace

std::vector<std::string> mergeModels(const std::string& recipe) {
    std::vector<std::string> names;
    for (Place& place : placesOf(recipe)) names.push_back(std::move(place.name));
    return names;
}

std::string withMergeModels(const std::string& recipe,
                            const std::function<std::string(const std::string&)>& rename) {
    std::string out;
    std::size_t done = 0;
    for (const Place& place : placesOf(recipe)) {
        const std::string name = rename(place.name);
        out.append(recipe, done, place.begin - done);
        out += name == place.name ? recipe.substr(place.begin, place.end - place.begin) : Json(name).dump();
        done = place.end;
    }
    return out.append(recipe, done, std::string::npos);
}

}  // namespace retort
