// What a search's coefficients mean: a weight, and perhaps a density, of each model in each group of weights.
// Any point of the space is a recipe in mergekit's grammar, so that what was found can be merged again
// without the search and without its data.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

/// Weights that share their coefficients, by mergekit's filters: those whose name contains one of the texts.
struct WeightGroup {
    std::string name;                  ///< "layer 3", "layers 0-1", "other", "all"
    std::vector<std::string> filters;  ///< empty: every weight
    bool holds(std::string_view weight) const;
    bool operator==(const WeightGroup&) const = default;
};

/// Groups of neighbouring layers, and "other" for embeddings, final norm and output layer. `count` 1: one
/// group of all weights; 0: each layer is a group. A weight's layer is the first whole number between dots in
/// its name. Throws Error for fewer layers than groups.
std::vector<WeightGroup> layerGroups(const std::vector<std::string>& weights, std::int64_t count);
/// Each weight a group of its own, in order: AdaMerging's layer-wise coefficients.
std::vector<WeightGroup> tensorGroups(const std::vector<std::string>& weights);
/// The first that holds the weight. Throws Error when none does.
std::size_t groupOf(const std::vector<WeightGroup>& groups, std::string_view weight);

/// Coefficients are ordered group by group, in it model by model, weight before density (mergekit-evolve's
/// genome).
struct MergeSpace {
    std::string method = "task_arithmetic";
    std::string base;  ///< empty: the method has none
    std::vector<std::string> models;
    std::vector<WeightGroup> groups;
    bool searchesDensity = false;
    double density = 1;  ///< of all models where it is not searched; written when it is not 1
    bool normalize = false;
    double lambda = 1;
    double lowestWeight = 0, highestWeight = 1.5, lowestDensity = 0.05;

    std::size_t dimensions() const { return groups.size() * models.size() * perModel(); }
    std::size_t perModel() const { return searchesDensity ? 2 : 1; }
    std::size_t index(std::size_t group, std::size_t model) const {
        return (group * models.size() + model) * perModel();
    }
    double weightAt(std::span<const double> coefficients, std::size_t group, std::size_t model) const {
        return coefficients[index(group, model)];
    }
    double densityAt(std::span<const double> coefficients, std::size_t group, std::size_t model) const {
        return searchesDensity ? coefficients[index(group, model) + 1] : density;
    }

    /// mergekit-evolve's: weights 1 / models, densities 1.
    std::vector<double> start() const;
    std::vector<double> lower() const;
    std::vector<double> upper() const;
    /// Throws Error when the numbers are not as many as dimensions(), or not finite.
    void check(std::span<const double> coefficients) const;
    /// YAML. Numbers are exact: what reads them gets the same doubles.
    std::string recipe(std::span<const double> coefficients) const;
};

}  // namespace retort
