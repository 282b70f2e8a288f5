#include "core/analysis/roc.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace retort {

double rocAuc(std::span<const double> scores, std::span<const int> right) {
    const std::size_t count = std::min(scores.size(), right.size());
    std::vector<std::size_t> order(count);
    std::iota(order.begin(), order.end(), std::size_t(0));
    for (const std::size_t i : order)
        if (std::isnan(scores[i])) return std::numeric_limits<double>::quiet_NaN();
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
    double ranks = 0, positives = 0;
    for (std::size_t first = 0; first < count;) {
        std::size_t last = first;
        while (last < count && scores[order[last]] == scores[order[first]]) ++last;
        const double rank = (double(first) + double(last) + 1) / 2;  // mean of the 1-based ranks
        for (std::size_t i = first; i < last; ++i)
            if (right[order[i]] != 0) {
                ranks += rank;
                positives += 1;
            }
        first = last;
    }
    const double negatives = double(count) - positives;
    return (ranks - positives * (positives + 1) / 2) / (positives * negatives);  // NaN: 0 / 0
}

}  // namespace retort
