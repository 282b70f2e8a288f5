// Paired bootstrap of many differences at once.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "core/analysis/estimators.h"

namespace retort {

struct BootstrapOptions {
    std::int64_t draws = 2000;
    std::uint64_t seed = 1;
    int threads = 1;
};

/// The central 95 % of the means of each of `differences` (one a model, each with one value an item, all over
/// the same items) when items are drawn with replacement: percentile bootstrap, the same draws for all, so
/// that models can be set against each other. With several samples an item the value is of the item's means:
/// items are the clusters. The result is a function of the seed, whatever the threads. Throws Error when the
/// lists differ in length; NaN intervals without items, or when `stop` comes first.
std::vector<Interval> pairedBootstrap(const std::vector<std::vector<float>>& differences,
                                      const BootstrapOptions& options, std::stop_token stop = {});

}  // namespace retort
