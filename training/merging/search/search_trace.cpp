#include "training/merging/search/search_trace.h"

#include <limits>

#include "core/util/error.h"
#include "core/util/json_text.h"

namespace retort {
namespace {

double numberOf(const Json& value) {
    if (value.is_number()) return value.get<double>();
    const std::string text = value.is_string() ? value.get<std::string>() : std::string();
    if (text == "NaN") return std::numeric_limits<double>::quiet_NaN();
    if (text == "Infinity") return std::numeric_limits<double>::infinity();
    if (text == "-Infinity") return -std::numeric_limits<double>::infinity();
    throw Error("a number is expected", "search trace: " + value.dump().substr(0, 80));
}

}  // namespace

double searchScore(const std::vector<SearchObjective>& objectives, const std::vector<double>& values) {
    if (values.size() != objectives.size())
        throw Error(
            std::to_string(values.size()) + " values of " + std::to_string(objectives.size()) + " objectives",
            "merge search");
    double score = 0;
    for (std::size_t i = 0; i < values.size(); ++i)
        if (objectives[i].weight != 0)
            score += objectives[i].weight * (objectives[i].maximise ? -values[i] : values[i]);
    return score;
}

std::string toJsonLine(const SearchPoint& point, const std::vector<SearchObjective>& objectives) {
    std::string out = "{";
    JsonMembers members(out);
    members.add("point", point.number).add("stage", point.stage);
    const auto append = [](std::string& to, double value) { appendJsonNumber(to, value); };
    appendJsonArray(members.key("coefficients"), point.coefficients, append);
    std::vector<std::pair<std::string, double>> values;
    for (std::size_t i = 0; i < objectives.size(); ++i)
        values.emplace_back(objectives[i].name, point.values.at(i));
    appendJsonNumberMap(members.key("values"), values);
    members.add("score", point.score).add("seconds", point.seconds);
    return out += '}';
}

SearchPoint searchPointOf(std::string_view line, const std::vector<SearchObjective>& objectives) try {
    const Json json = Json::parse(line);
    SearchPoint point;
    point.number = json.at("point");
    point.stage = json.at("stage");
    for (const Json& value : json.at("coefficients")) point.coefficients.push_back(numberOf(value));
    const Json& values = json.at("values");
    if (values.size() != objectives.size())
        throw Error("the line has other objectives than this search", "search trace");
    for (const SearchObjective& objective : objectives)
        point.values.push_back(numberOf(values.at(objective.name)));
    point.score = numberOf(json.at("score"));
    point.seconds = numberOf(json.at("seconds"));
    return point;
} catch (const Json::exception& error) {
    throw Error(std::string("not a point of a search: ") + error.what(), "search trace");
}

}  // namespace retort
