// What a comparison says: accuracies with intervals, each checkpoint against the baseline with tests
// corrected for their number, flips, and lengths.
#pragma once

#include <optional>
#include <stop_token>
#include <vector>

#include "core/analysis/paired_bootstrap.h"
#include "core/analysis/paired_tests.h"
#include "core/comparison/comparison.h"

namespace retort {

/// A checkpoint against the baseline, over the same problems.
struct AgainstBaseline {
    double delta = 0;          ///< accuracy - the baseline's
    double standardError = 0;  ///< of it, from item means
    Interval interval;         ///< 95 %, paired bootstrap over problems
    PairedCounts flips;        ///< the baseline is the first; solved: isSolved()
    /// Two-sided, that there is no difference: McNemar's exact test where every problem has one sample, else
    /// the paired t test of the item means. NaN where it cannot be made.
    double p = 1;
    double midP = 1;                         ///< McNemar's; NaN with several samples
    ChiSquare chiSquare;                     ///< with continuity correction; for b + c >= 25 only
    double holm = 1, benjaminiHochberg = 1;  ///< p corrected for all comparisons of the table
    MeanEstimate tokens;                     ///< difference of mean lengths
};

struct CheckpointScore {
    std::int64_t samples = 0;
    double accuracy = 0;
    Interval interval;  ///< 95 %: Wilson's, with several samples an item clustered by item
    double meanTokens = 0;
    std::optional<AgainstBaseline> against;  ///< not of the baseline itself
};

/// One a checkpoint. Empty when nothing is compared. With no draws at all (`options.draws` is 0) the
/// bootstrapped intervals, which cost more than everything else, are NaN.
std::vector<CheckpointScore> scoreCheckpoints(const Comparison& comparison,
                                              const BootstrapOptions& options = {},
                                              std::stop_token stop = {});
/// The intervals of the differences in scores that were made without; NaN when `stop` comes first.
void addIntervals(std::vector<CheckpointScore>& scores, const Comparison& comparison,
                  const BootstrapOptions& options, std::stop_token stop = {});

/// accuracy of each item (mean over its samples).
std::vector<double> itemMeans(const Comparison& comparison, std::size_t checkpoint);

enum class FlipCell { Both, OnlyFirst, OnlySecond, Neither };
FlipCell flipOf(const Comparison& comparison, std::size_t first, std::size_t second, std::size_t item);
PairedCounts flipCounts(const Comparison& comparison, std::size_t first, std::size_t second);

/// Points (length in tokens, share of the problems answered within it) of a checkpoint, at most `points`.
std::vector<std::pair<double, double>> lengthCurve(const Comparison& comparison, std::size_t checkpoint,
                                                   std::size_t points = 200);

}  // namespace retort
