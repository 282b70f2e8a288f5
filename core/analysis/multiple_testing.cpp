#include "core/analysis/multiple_testing.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace retort {
namespace {

/// Places of the numbers, ascending.
std::vector<std::size_t> ascending(std::span<const double> p) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < p.size(); ++i)
        if (!std::isnan(p[i])) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
    return order;
}

}  // namespace

std::vector<double> holm(std::span<const double> p) {
    std::vector<double> adjusted(p.begin(), p.end());
    const std::vector<std::size_t> order = ascending(p);
    double least = 0;
    for (std::size_t i = 0; i < order.size(); ++i) {
        least = std::max(least, std::min(1.0, double(order.size() - i) * p[order[i]]));
        adjusted[order[i]] = least;
    }
    return adjusted;
}

std::vector<double> benjaminiHochberg(std::span<const double> p) {
    std::vector<double> adjusted(p.begin(), p.end());
    const std::vector<std::size_t> order = ascending(p);
    double most = 1;
    for (std::size_t i = order.size(); i-- > 0;) {
        most = std::min(most, double(order.size()) / double(i + 1) * p[order[i]]);
        adjusted[order[i]] = most;
    }
    return adjusted;
}

}  // namespace retort
