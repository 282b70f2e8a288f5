// What a merge is worth beside those that it was made of (methods.md #180 MergeBench, #248), and along the
// line between two checkpoints.
#pragma once

#include <span>
#include <utility>
#include <vector>

namespace retort {

/// Mean over tasks of accuracy(merged) / accuracy(expert); `merged[i]` and `expert[i]` are of one task. Tasks
/// that the expert never solves say nothing and are left out; NaN when none is left or the lists differ in
/// length.
double normalisedAccuracy(std::span<const double> merged, std::span<const double> expert);

/// accuracy(merged) - the best of the parents'; NaN without parents.
double synergy(double merged, std::span<const double> parents);

/// Mean over the tasks of what is lost against the base, accuracy(base) - accuracy(model): above 0 where it
/// has forgotten more than it has learnt. NaN when the lists are empty or differ in length.
double forgetting(std::span<const double> base, std::span<const double> model);

struct Barrier {
    double height = 0;  ///< max over alpha in [0, 1] of the loss above the straight line between the ends
    double alpha = 0;   ///< where
};
/// Of (alpha, loss) along the line between two checkpoints (Frankle et al. 2020); the ends are alpha 0 and 1,
/// which must be among the points (NaN otherwise). What lies outside of [0, 1] is no part of it. For
/// accuracies, pass 1 - accuracy.
Barrier barrierOf(const std::vector<std::pair<double, double>>& losses);

}  // namespace retort
