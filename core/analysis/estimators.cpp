#include "core/analysis/estimators.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace retort {

double passAtK(std::int64_t samples, std::int64_t correct, std::int64_t k) {
    if (k < 1 || k > samples || correct < 0 || correct > samples)
        return std::numeric_limits<double>::quiet_NaN();
    if (samples - correct < k) return 1;
    // The product form: no binomial coefficient overflows.
    double allWrong = 1;
    for (std::int64_t i = samples - correct + 1; i <= samples; ++i) allWrong *= 1 - double(k) / double(i);
    return 1 - allWrong;
}

Interval wilsonInterval(std::int64_t successes, std::int64_t trials, double z) {
    if (trials <= 0) return {};
    const double n = double(trials), share = std::clamp(double(successes) / n, 0.0, 1.0);
    const double denominator = 1 + z * z / n;
    const double centre = (share + z * z / (2 * n)) / denominator;
    const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / denominator;
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

}  // namespace retort
