// How far a confidence can be believed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace retort {

/// One bar of a reliability diagram.
struct ReliabilityBin {
    double low = 0, high = 1;
    std::int64_t count = 0;
    double confidence = 0, accuracy = 0;  ///< means of those in it; NaN for an empty bin
};

struct Calibration {
    std::vector<ReliabilityBin> bins;
    std::int64_t count = 0;
    double expectedError = 0;  ///< ECE: mean of |accuracy - confidence|, weighed by count (Guo et al. 2017)
    double largestError = 0;   ///< MCE
    double brier = 0;          ///< mean square of confidence - correct
};

/// Of confidences in [0, 1] (others, and NaN, are left out) in `bins` of equal width. `correct[i]` is 0 or 1.
/// Its errors are NaN when nothing is left.
Calibration calibrationOf(std::span<const double> confidence, std::span<const double> correct, int bins = 10);

}  // namespace retort
