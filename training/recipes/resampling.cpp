#include "training/recipes/resampling.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace retort {
namespace {

constexpr double certainty = 1e-6;

/// The index in whose part of [0, 1) each of the rising points lies.
std::vector<std::size_t> indicesAt(const std::vector<double>& weights, const std::vector<double>& points) {
    std::vector<std::size_t> indices;
    // Rounding may leave the sum short of a point: the last one that has any weight takes it.
    std::size_t last = weights.size() - 1;
    while (last > 0 && weights[last] <= 0) --last;
    std::size_t i = 0;
    double end = weights[0];
    for (const double point : points) {
        while (i < last && point >= end) end += weights[++i];
        indices.push_back(i);
    }
    return indices;
}

}  // namespace

std::vector<double> particleWeights(const std::vector<double>& values, double temperature) {
    constexpr double none = -std::numeric_limits<double>::infinity();
    std::vector<double> weights;
    double most = none;
    for (const double value : values) {
        const double share = std::clamp(value, certainty, 1 - certainty);
        const bool counts = !std::isnan(value) && value != none;
        weights.push_back(counts ? std::log(share / (1 - share)) / temperature : none);
        most = std::max(most, weights.back());
    }
    if (most == none) return std::vector<double>(values.size(), 1.0 / double(values.size()));
    double sum = 0;
    for (double& weight : weights) sum += weight = std::exp(weight - most);
    for (double& weight : weights) weight /= sum;
    return weights;
}

double effectiveSampleSize(const std::vector<double>& weights) {
    double squares = 0;
    for (const double weight : weights) squares += weight * weight;
    return 1 / squares;
}

std::vector<std::size_t> systematicResampling(const std::vector<double>& weights, double offset) {
    std::vector<double> points;
    for (std::size_t i = 0; i < weights.size(); ++i)
        points.push_back((double(i) + offset) / double(weights.size()));
    return indicesAt(weights, points);
}

std::vector<std::size_t> multinomialResampling(const std::vector<double>& weights, Random& random) {
    std::vector<double> points;
    for (std::size_t i = 0; i < weights.size(); ++i) points.push_back(random.uniform());
    std::sort(points.begin(), points.end());
    return indicesAt(weights, points);
}

}  // namespace retort
