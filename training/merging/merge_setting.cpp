#include "training/merging/merge_setting.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/util/error.h"

namespace retort {
namespace {

using ReadNumber = std::function<std::optional<double>(std::string_view)>;

double numberOf(const YamlNode& node, const ReadNumber& number) {
    if (node.kind != YamlNode::Kind::Scalar)
        throw Error("expected a number, a list of numbers or {filter, value}");
    if (const auto value = number(node.scalar)) return *value;
    throw Error("'" + node.scalar + "' is not a number");
}

std::vector<double> valuesOf(const YamlNode& node, const ReadNumber& number) {
    if (node.kind != YamlNode::Kind::List) return {numberOf(node, number)};
    std::vector<double> values;
    for (const YamlNode& item : node.items) values.push_back(numberOf(item, number));
    return values;
}

MergeSetting::Case caseOf(const YamlNode& node, const ReadNumber& number) {
    MergeSetting::Case result{.filter = {}, .values = {}, .place = node.place};
    const YamlNode* value = nullptr;
    for (const auto& [key, item] : node.entries) {
        if (key == "value")
            value = &item;
        else if (key != "filter")
            throw Error("unknown key '" + key + "' beside filter and value");
        else if (item.kind == YamlNode::Kind::Scalar)
            result.filter = item.scalar;
        else if (item.kind != YamlNode::Kind::Null)
            throw Error("a filter is a part of tensors' names");
    }
    if (value == nullptr) throw Error("a filter without its value");
    result.values = valuesOf(*value, number);
    if (result.filter == "*") result.filter.reset();
    return result;
}

}  // namespace

bool MergeSetting::Case::fits(std::string_view tensor) const {
    return !filter || tensor.find(*filter) != std::string_view::npos;
}

std::optional<double> MergeSetting::at(std::string_view tensor, double t, bool isFlag) const {
    const auto found =
        std::find_if(cases.begin(), cases.end(), [&](const Case& each) { return each.fits(tensor); });
    if (found == cases.end() || found->values.empty()) return std::nullopt;
    const std::vector<double>& values = found->values;
    const double position = t * double(values.size() - 1);
    const std::size_t before = std::min(std::size_t(position), values.size() - 1);
    if (isFlag || values.size() == 1) return values[before];
    const double part = position - double(before);
    return (1 - part) * values[before] + part * values[std::min(before + 1, values.size() - 1)];
}

MergeSetting readMergeSetting(const YamlNode& node, const ReadNumber& number) {
    MergeSetting setting{.cases = {}, .place = node.place};
    const bool hasCases = node.kind == YamlNode::Kind::List && !node.items.empty() &&
                          node.items.front().kind == YamlNode::Kind::Map;
    if (node.kind == YamlNode::Kind::Map) {
        setting.cases.push_back(caseOf(node, number));
    } else if (hasCases) {
        for (const YamlNode& item : node.items) {
            if (item.kind != YamlNode::Kind::Map) throw Error("either numbers or {filter, value}, not both");
            setting.cases.push_back(caseOf(item, number));
        }
    } else {
        setting.cases.push_back({.filter = {}, .values = valuesOf(node, number), .place = node.place});
    }
    return setting;
}

std::optional<double> recipeNumber(std::string_view text) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
    for (const char* yes : {"true", "yes", "on"})
        if (lower == yes) return 1;
    for (const char* no : {"false", "no", "off"})
        if (lower == no) return 0;
    if (lower.starts_with('+')) lower.erase(0, 1);
    double value = 0;
    const auto [end, code] = std::from_chars(lower.data(), lower.data() + lower.size(), value);
    if (code != std::errc() || end != lower.data() + lower.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

}  // namespace retort
