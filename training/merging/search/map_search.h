// MAP (methods.md #208; Li et al. 2024): a few merges are measured, a quadratic surrogate is fitted to each
// objective, and the Pareto front is that of the surrogates, for which nothing more has to be evaluated.
#pragma once

#include <cstdint>
#include <vector>

#include "training/merging/search/merge_search.h"
#include "training/merging/search/pareto.h"

namespace retort {

struct MapSettings {
    std::int64_t points = 0;      ///< to fit; 0: twice the surrogate's coefficients, (n + 1)(n + 2)
    std::int64_t heldOut = 0;     ///< beside them, to see what the surrogates are worth; 0: a quarter as many
    double isotropicShare = 0.2;  ///< of the points, with equal coefficients
    double lower = 0, upper = 1;  ///< of the coefficients that are measured
    std::int64_t verified = 0;    ///< points spread over the front that are measured at the end
    NsgaSettings nsga;            ///< its bounds: those of the front
    std::uint64_t seed = 1;
};

struct MapOutcome {
    SearchOutcome search;                        ///< stages "fit", "held out", "front"
    std::vector<QuadraticSurrogate> surrogates;  ///< one an objective; empty when a stop came before
    std::vector<double> rSquared;                ///< of each, on the held-out points
    /// By the surrogates; the values are the objectives' own, not negated.
    std::vector<FrontPoint> front;
};

/// Latin hypercube, and points with equal coefficients at even distances.
std::vector<std::vector<double>> mapPoints(std::size_t dimensions, std::int64_t count,
                                           const MapSettings& settings);

MapOutcome searchMap(const SearchContext& context, std::size_t dimensions, const MapSettings& settings);

/// The points on the front of what was really measured (indices into `points`).
std::vector<std::size_t> measuredFront(const std::vector<SearchPoint>& points,
                                       const std::vector<SearchObjective>& objectives);

}  // namespace retort
