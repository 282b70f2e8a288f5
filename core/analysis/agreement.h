// How far annotators agree, beyond what chance would give.
//
// Every statistic is NaN ("n/a", neither 0 nor 1) where it is not defined: nothing was rated twice, or all
// pairable ratings are of one category, so that chance alone gives full agreement.
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "core/analysis/estimators.h"
#include "core/analysis/paired_bootstrap.h"

namespace retort {

/// One list an item, one value a rating; NaN: this annotator did not rate the item. Lists may differ in
/// length where it does not matter who rated.
using RatingTable = std::vector<std::vector<double>>;

enum class KappaWeights {
    None,      ///< every disagreement counts alike
    Linear,    ///< by the distance of the two values (Cohen 1968)
    Quadratic  ///< by its square
};

/// What a difference of two values means (Krippendorff 2011, "Computing Krippendorff's Alpha-Reliability").
enum class RatingScale { Nominal, Ordinal, Interval };

struct Agreement {
    double value = 0;                 ///< NaN: not defined
    Interval interval;                ///< the central 95 % of the bootstrap over items; NaN without draws
    std::int64_t items = 0;           ///< that were rated by two or more, and so count
    std::int64_t undefinedDraws = 0;  ///< resamples in which it is not defined; they are left out
};

/// The share of agreeing pairs of ratings, as the mean over the items rated twice or more (Fleiss's P̄). With
/// two annotators: the share of items on which they agree.
Agreement rawAgreement(const RatingTable& ratings, const BootstrapOptions& bootstrap = {.draws = 0},
                       std::stop_token stop = {});

/// Cohen's kappa of two annotators; items that one of them did not rate are left out. Weights go by the
/// values themselves: for consecutive levels that is scikit-learn's cohen_kappa_score, and a level that
/// nobody used does not change the distance of the others. Throws Error when the lists differ in length.
Agreement cohenKappa(std::span<const double> first, std::span<const double> second,
                     KappaWeights weights = KappaWeights::None,
                     const BootstrapOptions& bootstrap = {.draws = 0}, std::stop_token stop = {});

/// Fleiss's kappa (1971). `counts[item][category]`: how many annotators chose it. Throws Error unless every
/// item has the same number of ratings, two or more; for others there is Krippendorff's alpha.
Agreement fleissKappa(const std::vector<std::vector<std::int64_t>>& counts,
                      const BootstrapOptions& bootstrap = {.draws = 0}, std::stop_token stop = {});

/// Krippendorff's alpha for any number of annotators and missing values, from counts: the time grows with the
/// ratings, not with their pairs. Ordinal differences are those of the values' mid-ranks.
Agreement krippendorffAlpha(const RatingTable& ratings, RatingScale scale,
                            const BootstrapOptions& bootstrap = {.draws = 0}, std::stop_token stop = {});

/// Of two annotators' first wrong steps; -1: no step is wrong (as in ProcessBench).
struct FirstErrorAgreement {
    std::int64_t items = 0;
    double exact = 0;         ///< share of items with the same mark
    double meanDistance = 0;  ///< mean |i - j| where both mark an error
    double errorKappa = 0;    ///< Cohen's kappa on error or none
};

/// NaN where not defined. Throws Error when the lists differ in length.
FirstErrorAgreement firstErrorAgreement(std::span<const std::int64_t> first,
                                        std::span<const std::int64_t> second);

}  // namespace retort
