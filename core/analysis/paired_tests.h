// Tests and intervals for two models that answered the same problems: McNemar's tests of right and wrong, and
// the paired t of item means (Miller 2024, "Adding error bars to evals"), which also serves several samples
// an item.
#pragma once

#include <cstdint>
#include <span>

#include "core/analysis/estimators.h"

namespace retort {

/// The 2x2 table of two models over the same problems.
struct PairedCounts {
    std::int64_t both = 0, onlyFirst = 0, onlySecond = 0, neither = 0;

    std::int64_t total() const { return both + onlyFirst + onlySecond + neither; }
    std::int64_t discordant() const { return onlyFirst + onlySecond; }
    bool operator==(const PairedCounts&) const = default;
};

/// McNemar's exact test, two-sided: the binomial test of `onlyFirst` in onlyFirst + onlySecond tosses of a
/// fair coin. 1 without discordant pairs, NaN for negative counts.
double mcnemarExact(std::int64_t onlyFirst, std::int64_t onlySecond);
/// The same with the observed table counted by half, which is less conservative (Fagerland, Lydersen and
/// Laake 2013).
double mcnemarMidP(std::int64_t onlyFirst, std::int64_t onlySecond);

struct ChiSquare {
    double statistic = 0, p = 1;  ///< one degree of freedom
};
/// McNemar's chi-square with Edwards' continuity correction, (|b - c| - 1)^2 / (b + c); fit for b + c >= 25.
ChiSquare mcnemarChiSquare(std::int64_t onlyFirst, std::int64_t onlySecond);

/// P(|T| >= |t|) of Student's t.
double studentTwoSided(double t, double degrees);
/// The t with P(|T| <= t) = `level`.
double studentQuantile(double level, double degrees);

struct MeanEstimate {
    std::int64_t count = 0;
    double mean = 0;
    double standardError = 0;  ///< of the mean; NaN under two values
    Interval interval;  ///< Student's t, 95 %; the mean alone when all values are equal; NaN under two values
    double p = 1;       ///< that the mean is 0; NaN where the values do not vary
};

/// Of one value an item: the difference of two models' item means, say. Samples of one item are not
/// independent, so their mean is one value (cluster-robust with the item as cluster, all clusters alike).
MeanEstimate estimateMean(std::span<const double> values);

/// 95 % of an accuracy from item means in [0, 1], however many samples each has: Wilson's interval with the
/// number of independent answers that the spread between items leaves, m(1 - m) / SE^2; the number of items
/// where they do not vary. [0, 1] without items.
Interval clusteredInterval(std::span<const double> itemMeans);

}  // namespace retort
