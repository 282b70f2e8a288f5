#include "training/merging/search/pareto.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/util/error.h"

namespace retort {
namespace {

bool hasNan(const Objectives& values) {
    return std::any_of(values.begin(), values.end(), [](double value) { return std::isnan(value); });
}

/// Of points (x, y) below the reference (rx, ry).
double area(std::vector<std::pair<double, double>> points, double rx, double ry) {
    std::sort(points.begin(), points.end());
    double sum = 0, lowest = ry;
    for (const auto& [x, y] : points) {
        if (y >= lowest) continue;
        sum += (rx - x) * (lowest - y);
        lowest = y;
    }
    return sum;
}

}  // namespace

bool dominates(const Objectives& a, const Objectives& b) {
    if (a.size() != b.size()) throw Error("points with different numbers of objectives", "Pareto front");
    if (hasNan(a)) return false;
    if (hasNan(b)) return true;
    bool better = false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] > b[i]) return false;
        better |= a[i] < b[i];
    }
    return better;
}

std::vector<std::vector<std::size_t>> nonDominatedSort(const std::vector<Objectives>& points) {
    std::vector<std::vector<std::size_t>> beats(points.size()), ranks;
    std::vector<std::size_t> beatenBy(points.size(), 0), current;
    for (std::size_t i = 0; i < points.size(); ++i)
        for (std::size_t j = i + 1; j < points.size(); ++j) {
            const bool first = dominates(points[i], points[j]);
            if (!first && !dominates(points[j], points[i])) continue;
            beats[first ? i : j].push_back(first ? j : i);
            ++beatenBy[first ? j : i];
        }
    for (std::size_t i = 0; i < points.size(); ++i)
        if (beatenBy[i] == 0) current.push_back(i);
    while (!current.empty()) {
        std::vector<std::size_t> next;
        for (const std::size_t i : current)
            for (const std::size_t j : beats[i])
                if (--beatenBy[j] == 0) next.push_back(j);
        std::sort(next.begin(), next.end());
        ranks.push_back(std::move(current));
        current = std::move(next);
    }
    return ranks;
}

std::vector<std::size_t> paretoFront(const std::vector<Objectives>& points) {
    const auto ranks = nonDominatedSort(points);
    return ranks.empty() ? std::vector<std::size_t>() : ranks.front();
}

std::vector<double> crowdingDistances(const std::vector<Objectives>& points,
                                      const std::vector<std::size_t>& front) {
    std::vector<double> distances(front.size(), 0);
    if (front.empty()) return distances;
    std::vector<std::size_t> order(front.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
    for (std::size_t objective = 0; objective < points[front.front()].size(); ++objective) {
        const auto value = [&](std::size_t place) { return points[front[order[place]]][objective]; };
        std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
            return points[front[a]][objective] < points[front[b]][objective];
        });
        const double range = value(order.size() - 1) - value(0);
        distances[order.front()] = distances[order.back()] = std::numeric_limits<double>::infinity();
        if (!(range > 0)) continue;
        for (std::size_t place = 1; place + 1 < order.size(); ++place)
            distances[order[place]] += (value(place + 1) - value(place - 1)) / range;
    }
    return distances;
}

double hypervolume(const std::vector<Objectives>& points, const Objectives& reference) {
    if (reference.empty() || reference.size() > 3)
        throw Error("hypervolumes are known for 1 to 3 objectives", "hypervolume");
    std::vector<Objectives> inside;
    for (const Objectives& point : points) {
        if (point.size() != reference.size())
            throw Error("a point has another number of objectives than the reference", "hypervolume");
        bool below = true;
        for (std::size_t i = 0; i < point.size(); ++i) below &= point[i] < reference[i];
        if (below) inside.push_back(point);
    }
    if (inside.empty()) return 0;
    if (reference.size() == 1) return reference[0] - (*std::min_element(inside.begin(), inside.end()))[0];
    if (reference.size() == 2) {
        std::vector<std::pair<double, double>> plane;
        for (const Objectives& point : inside) plane.emplace_back(point[0], point[1]);
        return area(std::move(plane), reference[0], reference[1]);
    }
    // Slices along the third objective: between two heights the area of all points that begin below.
    std::sort(inside.begin(), inside.end(), [](const auto& a, const auto& b) { return a[2] < b[2]; });
    std::vector<std::pair<double, double>> plane;
    double volume = 0;
    for (std::size_t i = 0; i < inside.size(); ++i) {
        plane.emplace_back(inside[i][0], inside[i][1]);
        const double top = i + 1 < inside.size() ? inside[i + 1][2] : reference[2];
        if (top > inside[i][2]) volume += (top - inside[i][2]) * area(plane, reference[0], reference[1]);
    }
    return volume;
}

}  // namespace retort
