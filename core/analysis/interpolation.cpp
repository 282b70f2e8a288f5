#include "core/analysis/interpolation.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <set>

namespace retort {

namespace {

std::optional<double> finiteLossAt(std::span<const LossAt> points, double t) {
    for (const LossAt& point : points)
        if (point.t == t && std::isfinite(point.loss)) return point.loss;
    return std::nullopt;
}

}  // namespace

std::optional<double> lossOnChord(std::span<const LossAt> points, double t) {
    const auto first = finiteLossAt(points, 0), last = finiteLossAt(points, 1);
    if (!first || !last) return std::nullopt;
    return (1 - t) * *first + t * *last;
}

std::optional<LossBarrier> lossBarrier(std::span<const LossAt> points) {
    if (!lossOnChord(points, 0)) return std::nullopt;
    std::vector<LossAt> ordered(points.begin(), points.end());
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const LossAt& a, const LossAt& b) { return a.t < b.t; });
    LossBarrier barrier;
    const double rounding =
        1e-9 * std::max(std::abs(*lossOnChord(points, 0)), std::abs(*lossOnChord(points, 1)));
    for (const LossAt& point : ordered) {
        if (!(point.t > 0 && point.t < 1)) continue;
        const double height = point.loss - *lossOnChord(points, point.t);
        if (!(height > std::max(barrier.height, rounding))) continue;
        barrier = {height, point.t};
    }
    return barrier;
}

std::vector<std::size_t> bisectionOrder(std::size_t count) {
    std::vector<std::size_t> order;
    if (count == 0) return order;
    order.push_back(0);
    if (count == 1) return order;
    order.push_back(count - 1);
    std::set<std::size_t> taken(order.begin(), order.end());
    while (order.size() < count) {
        std::size_t from = 0, width = 0;
        for (auto left = taken.begin(), right = std::next(left); right != taken.end(); ++left, ++right)
            if (*right - *left > width) {
                from = *left;
                width = *right - *left;
            }
        order.push_back(from + width / 2);
        taken.insert(order.back());
    }
    return order;
}

}  // namespace retort
