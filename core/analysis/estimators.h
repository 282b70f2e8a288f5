// Estimates from counts of successes.
#pragma once

#include <cstdint>

namespace retort {

/// Unbiased pass@k from `correct` of `samples` completions of one problem (Chen et al. 2021):
/// 1 - C(samples - correct, k) / C(samples, k). NaN when k > samples or the counts make no sense.
double passAtK(std::int64_t samples, std::int64_t correct, std::int64_t k);

struct Interval {
    double low = 0, high = 1;
};

/// Wilson's score interval of a share; `z` = 1.96 for 95 %. [0, 1] without trials.
Interval wilsonInterval(std::int64_t successes, std::int64_t trials, double z = 1.959963984540054);

}  // namespace retort
