#include "core/analysis/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace retort {

Calibration calibrationOf(std::span<const double> confidence, std::span<const double> correct, int bins) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    bins = std::max(bins, 1);
    Calibration result;
    for (int i = 0; i < bins; ++i) result.bins.push_back({double(i) / bins, double(i + 1) / bins, 0, 0, 0});
    for (std::size_t i = 0; i < std::min(confidence.size(), correct.size()); ++i) {
        if (!(confidence[i] >= 0 && confidence[i] <= 1)) continue;
        ReliabilityBin& bin = result.bins[std::size_t(std::min(int(confidence[i] * bins), bins - 1))];
        ++bin.count;
        bin.confidence += confidence[i];
        bin.accuracy += correct[i];
        ++result.count;
        result.brier += (confidence[i] - correct[i]) * (confidence[i] - correct[i]);
    }
    for (ReliabilityBin& bin : result.bins) {
        const double count = double(bin.count);
        bin.confidence = bin.count > 0 ? bin.confidence / count : nan;
        bin.accuracy = bin.count > 0 ? bin.accuracy / count : nan;
        if (bin.count == 0) continue;
        const double error = std::abs(bin.accuracy - bin.confidence);
        result.expectedError += error * count;
        result.largestError = std::max(result.largestError, error);
    }
    const double count = result.count > 0 ? double(result.count) : nan;
    result.expectedError /= count;
    result.brier /= count;
    if (result.count == 0) result.largestError = nan;
    return result;
}

}  // namespace retort
