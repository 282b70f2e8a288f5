// Several objectives at once, all to be minimised: who dominates whom, how much a front covers (hypervolume),
// and NSGA-II (Deb et al. 2002), which finds a front of cheap functions such as surrogates.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <vector>

namespace retort {

using Objectives = std::vector<double>;

/// Nowhere worse and somewhere better. What holds a NaN dominates nothing, and is dominated by all without.
bool dominates(const Objectives& a, const Objectives& b);

/// Indices of the points in ranks: the first dominated by none, the second only by the first … Equal points
/// share a rank.
std::vector<std::vector<std::size_t>> nonDominatedSort(const std::vector<Objectives>& points);
/// The first rank alone.
std::vector<std::size_t> paretoFront(const std::vector<Objectives>& points);
/// One a member of `front`, in its order; infinite at the ends of an objective.
std::vector<double> crowdingDistances(const std::vector<Objectives>& points,
                                      const std::vector<std::size_t>& front);

/// The volume between the points and `reference`, exactly, for 1 to 3 objectives; what is not better than the
/// reference in all of them adds nothing. Throws Error for more objectives, or points of other lengths.
double hypervolume(const std::vector<Objectives>& points, const Objectives& reference);

struct NsgaSettings {
    std::size_t population = 100;  ///< even
    std::int64_t generations = 100;
    double crossover = 0.7, crossoverEta = 20;  ///< share of pairs, distribution index of SBX; MAP's
    double mutation = 0.3, mutationEta = 20;    ///< share of children; each of their coordinates with 1/n
    double lower = 0, upper = 1.5;  ///< of every coordinate; MAP's [−3, 3] leaves what it sampled far behind
    std::uint64_t seed = 1;
};

struct FrontPoint {
    std::vector<double> coefficients;
    Objectives values;
};

/// The first rank of the last generation, ordered by the first objective, equal points once. `evaluate` must
/// be a function of its argument. Throws Error for settings that make no sense.
std::vector<FrontPoint> nsga2(const std::function<Objectives(const std::vector<double>&)>& evaluate,
                              std::size_t dimensions, const NsgaSettings& settings,
                              std::stop_token stop = {});

}  // namespace retort
