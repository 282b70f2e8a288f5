#include "core/analysis/merge_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace retort {
namespace {
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
}

double normalisedAccuracy(std::span<const double> merged, std::span<const double> expert) {
    if (merged.size() != expert.size()) return nan;
    double sum = 0, tasks = 0;
    for (std::size_t i = 0; i < merged.size(); ++i) {
        if (!(expert[i] > 0)) continue;
        sum += merged[i] / expert[i];
        tasks += 1;
    }
    return tasks > 0 ? sum / tasks : nan;
}

double synergy(double merged, std::span<const double> parents) {
    if (parents.empty()) return nan;
    return merged - *std::max_element(parents.begin(), parents.end());
}

double forgetting(std::span<const double> base, std::span<const double> model) {
    if (base.size() != model.size() || base.empty()) return nan;
    double sum = 0;
    for (std::size_t i = 0; i < base.size(); ++i) sum += base[i] - model[i];
    return sum / double(base.size());
}

Barrier barrierOf(const std::vector<std::pair<double, double>>& losses) {
    const auto at = [&](double alpha) {
        for (const auto& [place, loss] : losses)
            if (std::abs(place - alpha) < 1e-9) return loss;
        return nan;
    };
    const double first = at(0), last = at(1);
    if (std::isnan(first) || std::isnan(last)) return {nan, nan};
    Barrier barrier;
    for (const auto& [alpha, loss] : losses) {
        if (!(alpha >= 0 && alpha <= 1)) continue;
        const double above = loss - ((1 - alpha) * first + alpha * last);
        if (above > barrier.height) barrier = {above, alpha};
    }
    return barrier;
}

}  // namespace retort
