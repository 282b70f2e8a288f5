#include "views/merge/bench_point.h"

#include <QCoreApplication>
#include <QStringList>
#include <algorithm>
#include <cmath>

#include "core/util/error.h"
#include "views/merge/recipe_edit.h"
#include "views/models/format.h"

namespace retort {

namespace {

struct Measure {
    Q_DECLARE_TR_FUNCTIONS(BenchMeasure)
};

constexpr std::size_t kMostSweepValues = 200;

std::optional<double> measureOf(BenchMeasure::Kind kind, const MergeBenchTask& task) {
    switch (kind) {
        case BenchMeasure::Kind::Accuracy:
            return task.accuracy;
        case BenchMeasure::Kind::Length:
            return task.meanLength;
        case BenchMeasure::Kind::Loss:
            break;
    }
    return std::isfinite(task.loss) ? std::optional(task.loss) : std::nullopt;
}

double sweepNumber(const QString& text) {
    bool ok = false;
    const double value = text.trimmed().toDouble(&ok);
    if (!ok || !std::isfinite(value))
        throw Error("'" + text.trimmed().toStdString() + "' is no number", "sweep",
                    "write 0:1:0.1 (from, to, step) or 0, 0.5, 1");
    return value;
}

}  // namespace

std::vector<BenchCoefficient> coefficientsOf(const RecipeView& recipe, const BenchMethod& method) {
    std::vector<BenchCoefficient> all;
    if (!recipe.isFlat) return all;
    for (const BenchParameter& parameter : method.parameters) {
        for (std::size_t i = 0; i < (parameter.perModel ? recipe.models.size() : 1); ++i) {
            if (parameter.perModel && recipe.models[i].name == recipe.base) continue;
            const auto value = recipe.valueOf(parameter, i);
            if (!value || recipe.isInText(parameter, i)) continue;
            all.push_back({parameter.name, parameter.perModel ? recipe.models[i].name : std::string(), *value,
                           parameter.isFlag});
        }
    }
    return all;
}

std::optional<double> BenchMeasure::of(const std::vector<MergeBenchTask>& tasks) const {
    double sum = 0;
    int count = 0;
    for (const MergeBenchTask& each : tasks) {
        if (!task.empty() && each.name != task) continue;
        const auto value = measureOf(kind, each);
        if (!value) return std::nullopt;
        sum += *value;
        ++count;
    }
    return count > 0 ? std::optional(sum / count) : std::nullopt;
}

QString BenchMeasure::text() const {
    const QString of = toQString(task);
    switch (kind) {
        case Kind::Accuracy:
            return task.empty() ? Measure::tr("mean accuracy") : Measure::tr("accuracy: %1").arg(of);
        case Kind::Length:
            return task.empty() ? Measure::tr("mean length") : Measure::tr("length: %1").arg(of);
        case Kind::Loss:
            break;
    }
    return task.empty() ? Measure::tr("mean loss") : Measure::tr("loss: %1").arg(of);
}

std::vector<std::size_t> tradeOffFront(const std::vector<QPointF>& points, bool xBetterHigh,
                                       bool yBetterHigh) {
    const double xSign = xBetterHigh ? 1 : -1, ySign = yBetterHigh ? 1 : -1;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < points.size(); ++i)
        if (std::isfinite(points[i].x()) && std::isfinite(points[i].y())) order.push_back(i);
    // From the best x on; whoever has the best y so far is beaten by none before.
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::pair(-xSign * points[a].x(), -ySign * points[a].y()) <
               std::pair(-xSign * points[b].x(), -ySign * points[b].y());
    });
    std::vector<std::size_t> front;
    for (const std::size_t i : order)
        if (front.empty() || ySign * points[i].y() > ySign * points[front.back()].y()) front.push_back(i);
    std::sort(front.begin(), front.end(),
              [&](std::size_t a, std::size_t b) { return points[a].x() < points[b].x(); });
    return front;
}

std::string recipeBetween(const BenchPoint& a, const BenchPoint& b, double t) {
    const BenchPoint& nearer = t < 0.5 ? a : b;
    const auto same = [](const BenchCoefficient& x, const BenchCoefficient& y) { return x.isSame(y); };
    if (a.method != b.method || !std::equal(a.coefficients.begin(), a.coefficients.end(),
                                            b.coefficients.begin(), b.coefficients.end(), same))
        return nearer.recipe;
    std::string text = nearer.recipe;
    const RecipeView view = readRecipe(text);
    for (std::size_t i = 0; i < a.coefficients.size(); ++i) {
        const BenchCoefficient& from = a.coefficients[i];
        const double to = b.coefficients[i].value;
        if (from.value == to || from.isFlag) continue;
        int model = -1;
        for (std::size_t m = 0; m < view.models.size(); ++m)
            if (!from.model.empty() && view.models[m].name == from.model) model = static_cast<int>(m);
        const double value = std::round(1e4 * (from.value + (to - from.value) * t)) / 1e4;
        if (const auto edited = withNumber(text, model, from.parameter, value)) text = *edited;
    }
    return text;
}

std::vector<double> sweepValues(const QString& text) {
    std::vector<double> values;
    for (const QString& part : text.split(QLatin1Char(','), Qt::SkipEmptyParts)) {
        const QStringList ends = part.split(QLatin1Char(':'));
        if (ends.size() == 1) {
            values.push_back(sweepNumber(part));
        } else if (ends.size() == 3) {
            const double from = sweepNumber(ends[0]), to = sweepNumber(ends[1]), step = sweepNumber(ends[2]);
            const double steps = (to - from) / step;
            if (step == 0 || !(steps >= 0) || steps > static_cast<double>(kMostSweepValues))
                throw Error("'" + part.trimmed().toStdString() + "' goes nowhere or too far", "sweep",
                            "write from:to:step, with at most 200 steps");
            // By multiplication: sums of 0.1 miss 0.3 and may miss the end.
            for (int i = 0; i <= static_cast<int>(std::floor(steps + 1e-9)); ++i)
                values.push_back(std::round(1e9 * (from + i * step)) / 1e9);
        } else {
            throw Error("'" + part.trimmed().toStdString() + "' is no range", "sweep",
                        "write from:to:step, such as 0:1:0.1");
        }
    }
    if (values.empty()) throw Error("there is no value", "sweep", "write 0:1:0.1 or 0, 0.5, 1");
    if (values.size() > kMostSweepValues) throw Error("there are more than 200 values", "sweep");
    return values;
}

}  // namespace retort
