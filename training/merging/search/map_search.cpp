#include "training/merging/search/map_search.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/util/random.h"

namespace retort {
namespace {

/// As Pareto fronts want it: everything is to be minimised.
Objectives minimised(Objectives values, const std::vector<SearchObjective>& objectives) {
    for (std::size_t i = 0; i < objectives.size(); ++i)
        if (objectives[i].maximise) values[i] = -values[i];
    return values;
}

std::vector<std::vector<double>> uniformPoints(std::size_t dimensions, std::int64_t count,
                                               const MapSettings& s) {
    Random random(stableHash("map held out", s.seed));
    std::vector<std::vector<double>> points;
    points.resize(std::size_t(count), std::vector<double>(dimensions));
    for (auto& point : points)
        for (double& value : point) value = s.lower + (s.upper - s.lower) * random.uniform();
    return points;
}

/// Evaluates all of them. False when a stop came.
bool measure(PointRecorder& recorder, const std::vector<std::vector<double>>& points,
             const std::string& stage, std::vector<std::vector<double>>& values) {
    for (const std::vector<double>& point : points) {
        const auto found = recorder.evaluate(point, stage);
        if (!found) return false;
        values.push_back(found->values);
    }
    return true;
}

std::vector<double> column(const std::vector<std::vector<double>>& values, std::size_t objective) {
    std::vector<double> one;
    for (const auto& row : values) one.push_back(row[objective]);
    return one;
}

void fitFront(MapOutcome& outcome, const SearchContext& context, std::size_t dimensions,
              const MapSettings& settings) {
    const auto evaluate = [&](const std::vector<double>& point) {
        Objectives values;
        for (const QuadraticSurrogate& surrogate : outcome.surrogates) values.push_back(surrogate(point));
        return minimised(std::move(values), context.objectives);
    };
    NsgaSettings nsga = settings.nsga;
    nsga.seed = settings.seed;
    outcome.front = nsga2(evaluate, dimensions, nsga, context.stop);
    // Twice negated is as it was.
    for (FrontPoint& point : outcome.front)
        point.values = minimised(std::move(point.values), context.objectives);
}

}  // namespace

std::vector<std::vector<double>> mapPoints(std::size_t dimensions, std::int64_t count,
                                           const MapSettings& settings) {
    const std::size_t all = std::size_t(std::max<std::int64_t>(count, 0));
    const std::size_t equal = std::size_t(std::lround(settings.isotropicShare * double(all))),
                      spread = all - equal;
    const double width = settings.upper - settings.lower;
    std::vector<std::vector<double>> points(all, std::vector<double>(dimensions));
    Random random(stableHash("map", settings.seed));
    std::vector<std::size_t> cells(spread);
    for (std::size_t axis = 0; axis < dimensions; ++axis) {
        std::iota(cells.begin(), cells.end(), 0);
        for (std::size_t i = spread; i-- > 1;)
            std::swap(cells[i], cells[std::size_t(random.integer(0, std::int64_t(i)))]);
        for (std::size_t i = 0; i < spread; ++i)
            points[i][axis] = settings.lower + width * (double(cells[i]) + random.uniform()) / double(spread);
    }
    for (std::size_t i = 0; i < equal; ++i)
        points[spread + i].assign(
            dimensions, settings.lower + width * (equal == 1 ? 0.5 : double(i) / double(equal - 1)));
    return points;
}

MapOutcome searchMap(const SearchContext& context, std::size_t dimensions, const MapSettings& settings) {
    const std::int64_t wanted = settings.points > 0
                                    ? settings.points
                                    : std::int64_t(2 * QuadraticSurrogate::coefficientCount(dimensions));
    const std::int64_t heldOut = settings.heldOut > 0 ? settings.heldOut : (wanted + 3) / 4;
    PointRecorder recorder(context, wanted + heldOut + settings.verified);
    const auto points = mapPoints(dimensions, wanted, settings);
    const auto others = uniformPoints(dimensions, heldOut, settings);
    std::vector<std::vector<double>> values, otherValues;
    MapOutcome outcome;
    if (measure(recorder, points, "fit", values) && measure(recorder, others, "held out", otherValues)) {
        for (std::size_t i = 0; i < context.objectives.size(); ++i) {
            outcome.surrogates.push_back(
                QuadraticSurrogate::fit(points, column(values, i), context.objectives[i].link));
            outcome.rSquared.push_back(outcome.surrogates[i].rSquared(others, column(otherValues, i)));
        }
        fitFront(outcome, context, dimensions, settings);
        std::vector<std::vector<double>> chosen, found;
        for (std::int64_t i = 0; i < settings.verified && !outcome.front.empty(); ++i) {
            const double share = settings.verified == 1 ? 0.5 : double(i) / double(settings.verified - 1);
            chosen.push_back(outcome.front[std::size_t(std::lround(share * double(outcome.front.size() - 1)))]
                                 .coefficients);
        }
        measure(recorder, chosen, "front", found);
    }
    outcome.search = recorder.take();
    return outcome;
}

std::vector<std::size_t> measuredFront(const std::vector<SearchPoint>& points,
                                       const std::vector<SearchObjective>& objectives) {
    std::vector<Objectives> values;
    for (const SearchPoint& point : points) values.push_back(minimised(point.values, objectives));
    return paretoFront(values);
}

}  // namespace retort
