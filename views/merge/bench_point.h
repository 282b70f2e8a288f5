// One measured point of a merge: where it is (coefficients) and what was found there; and the front of points
// that no other beats in both of two measures.
#pragma once

#include <QPointF>
#include <QString>
#include <optional>
#include <string>
#include <vector>

#include "views/merge/recipe_text.h"

namespace retort {

struct BenchCoefficient {
    std::string parameter;
    std::string model;  ///< as the recipe names it; empty: of the whole merge
    double value = 0;
    bool isFlag = false;

    bool isSame(const BenchCoefficient& other) const {
        return parameter == other.parameter && model == other.model;
    }
};

/// What the sliders stand at: every number of the method that the text does not rule.
std::vector<BenchCoefficient> coefficientsOf(const RecipeView& recipe, const BenchMethod& method);

struct BenchPoint {
    std::int64_t number = 0;  ///< 1, 2, 3 … in the order of measuring
    std::string recipe;       ///< as written
    std::string method;
    std::vector<BenchCoefficient> coefficients;
    std::vector<MergeBenchTask> tasks;
    double seconds = 0;
    std::string setting;  ///< tasks and number of problems: what has another one is not compared with it
    bool isSweep = false;
};

/// What a chart or table shows of a point.
struct BenchMeasure {
    enum class Kind { Accuracy, Length, Loss } kind = Kind::Accuracy;
    std::string task;  ///< empty: the mean over tasks
    bool operator==(const BenchMeasure&) const = default;

    bool isBetterHigh() const { return kind == Kind::Accuracy; }
    std::optional<double> of(const std::vector<MergeBenchTask>& tasks) const;
    QString text() const;
};

/// Indices of the points that none beats: none is at least as good in both and better in one. By rising x;
/// equal points once. Points that are not finite are never on it.
std::vector<std::size_t> tradeOffFront(const std::vector<QPointF>& points, bool xBetterHigh,
                                       bool yBetterHigh);

/// The recipe between two points, `t` from 0 to 1; the nearer one's where they differ in more than numbers.
std::string recipeBetween(const BenchPoint& a, const BenchPoint& b, double t);

/// "0:1:0.1" (both ends), "0, 0.3, 1", or both mixed. Throws Error for other text and for more than 200
/// values.
std::vector<double> sweepValues(const QString& text);

}  // namespace retort
