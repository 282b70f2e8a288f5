#include "training/merging/search/merge_space.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "core/util/error.h"
#include "core/util/json_text.h"

namespace retort {
namespace {

/// "model.layers.3." of "model.layers.3.mlp.down_proj.weight"; empty outside of the layers.
std::string layerPrefix(const std::string& weight) {
    for (std::size_t dot = weight.find('.'); dot != std::string::npos; dot = weight.find('.', dot + 1)) {
        const std::size_t end = weight.find_first_not_of("0123456789", dot + 1);
        if (end != dot + 1 && end != std::string::npos && weight[end] == '.')
            return weight.substr(0, end + 1);
    }
    return {};
}

std::string spanName(std::size_t first, std::size_t last) {
    return last == first + 1 ? "layer " + std::to_string(first)
                             : "layers " + std::to_string(first) + "-" + std::to_string(last - 1);
}

/// Shortest exact form, with the point without which YAML 1.1 takes "1e-05" for a text.
std::string numberText(double value) {
    char buffer[40];
    const auto written = std::to_chars(buffer, buffer + sizeof buffer, value);
    std::string text(buffer, written.ptr);
    const std::size_t exponent = text.find('e');
    if (text.find('.') == std::string::npos)
        text.insert(exponent == std::string::npos ? text.size() : exponent, ".0");
    return text;
}

void appendLine(std::string& out, std::size_t indent, const std::string& line) {
    out.append(indent, ' ').append(line).push_back('\n');
}

std::string quoted(const std::string& text) {
    std::string out;
    appendJsonString(out, text);
    return out;
}

/// One parameter: a number where all groups agree, else mergekit's list of filters, of which the first that
/// fits wins.
void appendParameter(std::string& out, const std::string& name, const std::vector<WeightGroup>& groups,
                     const std::vector<double>& values) {
    constexpr std::size_t indent = 6;
    if (std::all_of(values.begin(), values.end(), [&](double value) { return value == values.front(); }))
        return appendLine(out, indent, name + ": " + numberText(values.front()));
    appendLine(out, indent, name + ":");
    for (std::size_t i = 0; i < groups.size(); ++i) {
        for (const std::string& filter : groups[i].filters) {
            appendLine(out, indent + 2, "- filter: " + quoted(filter));
            appendLine(out, indent + 4, "value: " + numberText(values[i]));
        }
        if (groups[i].filters.empty()) appendLine(out, indent + 2, "- value: " + numberText(values[i]));
    }
}

}  // namespace

bool WeightGroup::holds(std::string_view weight) const {
    return filters.empty() || std::any_of(filters.begin(), filters.end(), [&](const std::string& filter) {
               return weight.find(filter) != std::string_view::npos;
           });
}

std::vector<WeightGroup> layerGroups(const std::vector<std::string>& weights, std::int64_t count) {
    if (count == 1) return {{"all", {}}};
    std::vector<std::string> layers;
    for (const std::string& weight : weights)
        if (const std::string prefix = layerPrefix(weight);
            !prefix.empty() && std::find(layers.begin(), layers.end(), prefix) == layers.end())
            layers.push_back(prefix);
    // Files may be sorted by name: layer 10 before layer 2.
    std::stable_sort(layers.begin(), layers.end(), [](const std::string& a, const std::string& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    });
    const std::size_t groups = count == 0 ? layers.size() : std::size_t(count);
    if (count < 0 || groups == 0 || groups > layers.size())
        throw Error("cannot make " + std::to_string(count) + " groups of " + std::to_string(layers.size()) +
                        " layers",
                    "layer groups");
    std::vector<WeightGroup> made;
    for (std::size_t i = 0; i < groups; ++i) {
        const std::size_t first = i * layers.size() / groups, last = (i + 1) * layers.size() / groups;
        made.push_back({spanName(first, last),
                        {layers.begin() + std::ptrdiff_t(first), layers.begin() + std::ptrdiff_t(last)}});
    }
    made.push_back({"other", {}});
    return made;
}

std::vector<WeightGroup> tensorGroups(const std::vector<std::string>& weights) {
    std::vector<WeightGroup> groups;
    for (const std::string& weight : weights) groups.push_back({weight, {weight}});
    return groups;
}

std::size_t groupOf(const std::vector<WeightGroup>& groups, std::string_view weight) {
    for (std::size_t i = 0; i < groups.size(); ++i)
        if (groups[i].holds(weight)) return i;
    throw Error("no group of coefficients holds the weight " + std::string(weight), "layer groups");
}

std::vector<double> MergeSpace::start() const {
    std::vector<double> x;
    for (std::size_t i = 0; i < groups.size() * models.size(); ++i) {
        x.push_back(std::clamp(1 / double(models.size()), lowestWeight, highestWeight));
        if (searchesDensity) x.push_back(1);
    }
    return x;
}

std::vector<double> MergeSpace::lower() const {
    std::vector<double> x;
    for (std::size_t i = 0; i < groups.size() * models.size(); ++i) {
        x.push_back(lowestWeight);
        if (searchesDensity) x.push_back(lowestDensity);
    }
    return x;
}

std::vector<double> MergeSpace::upper() const {
    std::vector<double> x;
    for (std::size_t i = 0; i < groups.size() * models.size(); ++i) {
        x.push_back(highestWeight);
        if (searchesDensity) x.push_back(1);
    }
    return x;
}

void MergeSpace::check(std::span<const double> coefficients) const {
    if (models.empty() || groups.empty())
        throw Error("a merge without models, or without weights", "merge search");
    if (coefficients.size() != dimensions())
        throw Error(std::to_string(coefficients.size()) + " coefficients for " +
                        std::to_string(dimensions()) + " (groups × models × parameters)",
                    "merge search");
    for (const double value : coefficients)
        if (!std::isfinite(value)) throw Error("a coefficient that is not finite", "merge search");
}

std::string MergeSpace::recipe(std::span<const double> coefficients) const {
    check(coefficients);
    std::string out = "merge_method: " + method + "\n";
    if (!base.empty()) out += "base_model: " + quoted(base) + "\n";
    out += "models:\n";
    for (std::size_t model = 0; model < models.size(); ++model) {
        appendLine(out, 2, "- model: " + quoted(models[model]));
        appendLine(out, 4, "parameters:");
        std::vector<double> weights, densities;
        for (std::size_t group = 0; group < groups.size(); ++group) {
            weights.push_back(weightAt(coefficients, group, model));
            densities.push_back(densityAt(coefficients, group, model));
        }
        appendParameter(out, "weight", groups, weights);
        if (searchesDensity || density != 1) appendParameter(out, "density", groups, densities);
    }
    out += "parameters:\n";
    appendLine(out, 2, std::string("normalize: ") + (normalize ? "true" : "false"));
    if (lambda != 1) appendLine(out, 2, "lambda: " + numberText(lambda));
    out += "dtype: float32\n";
    return out;
}

}  // namespace retort
