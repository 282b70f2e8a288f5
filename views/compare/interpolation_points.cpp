#include "views/compare/interpolation_points.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/config/values.h"
#include "views/models/format.h"

namespace retort {

namespace {

using Kind = BenchMeasure::Kind;

struct Interpolation {
    Q_DECLARE_TR_FUNCTIONS(Interpolation)
};

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

bool hasAccuracy(const std::vector<InterpolationPoint>& points) {
    return std::any_of(points.begin(), points.end(), [](const InterpolationPoint& point) {
        return !std::isnan(valueOf(point, {Kind::Accuracy, {}}));
    });
}

TableCell shareCell(double share) {
    return {std::isnan(share) ? QStringLiteral("–") : shareText(share), share, TableCell::Tone::None, {}};
}

std::vector<const InterpolationPoint*> byT(const std::vector<InterpolationPoint>& points) {
    std::vector<const InterpolationPoint*> ordered;
    for (const InterpolationPoint& point : points) ordered.push_back(&point);
    std::stable_sort(ordered.begin(), ordered.end(),
                     [](const auto* a, const auto* b) { return a->t() < b->t(); });
    return ordered;
}

void addBarrier(std::vector<TableCell>& row, const std::vector<LossAt>& losses) {
    const auto barrier = lossBarrier(losses);
    if (!barrier) {
        row.push_back(numberCell(kNaN));
        row.push_back(numberCell(kNaN));
        return;
    }
    const bool isHigh = barrier->height > 0;
    row.push_back(numberCell(barrier->height, isHigh ? TableCell::Tone::Strong : TableCell::Tone::Muted));
    row.push_back(shareCell(isHigh ? barrier->at : kNaN));
}

/// Loss, accuracy and length; the mean first, then task by task.
void addHeaders(ValueTable& table, const std::vector<std::string>& tasks, bool withAccuracy) {
    table.headers << Interpolation::tr("Mean loss");
    if (tasks.size() > 1)
        for (const std::string& task : tasks)
            table.headers << Interpolation::tr("Loss: %1").arg(toQString(task));
    if (!withAccuracy) return;
    table.headers << Interpolation::tr("Mean accuracy %") << Interpolation::tr("Mean length");
    if (tasks.size() > 1)
        for (const std::string& task : tasks)
            table.headers << Interpolation::tr("Accuracy %: %1").arg(toQString(task));
}

void addValues(std::vector<TableCell>& row, const InterpolationPoint& point,
               const std::vector<std::string>& tasks, bool withAccuracy) {
    row.push_back(numberCell(valueOf(point, {Kind::Loss, {}}), TableCell::Tone::Strong));
    if (tasks.size() > 1)
        for (const std::string& task : tasks) row.push_back(numberCell(valueOf(point, {Kind::Loss, task})));
    if (!withAccuracy) return;
    row.push_back(percentCell(valueOf(point, {Kind::Accuracy, {}})));
    row.push_back(numberCell(valueOf(point, {Kind::Length, {}})));
    if (tasks.size() > 1)
        for (const std::string& task : tasks)
            row.push_back(percentCell(valueOf(point, {Kind::Accuracy, task})));
}

}  // namespace

QString shareText(double share) {
    // What rounding leaves of nothing reads as nothing.
    return QLocale()
        .toString(std::abs(share) < 5e-5 ? 0.0 : std::round(1e4 * share) / 1e4, 'g', 4)
        .replace(QLatin1Char('-'), QChar(0x2212));
}

std::string linearRecipe(const std::vector<std::string>& folders, const std::vector<double>& weights) {
    std::string text = "merge_method: linear\nmodels:\n";
    for (std::size_t i = 0; i < folders.size() && i < weights.size(); ++i) {
        // JSON's strings are YAML's, too: a folder may have any character in it.
        text += "  - model: " + Json(folders[i]).dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
        text += "    parameters: {weight: " + shortestNumber(weights[i]) + "}\n";
    }
    return text + "parameters: {normalize: false}\ndtype: float32\n";
}

std::vector<std::string> tasksOf(const std::vector<InterpolationPoint>& points) {
    std::vector<std::string> names;
    if (points.empty()) return names;
    for (const MergeBenchTask& task : points.front().tasks) names.push_back(task.name);
    return names;
}

double valueOf(const InterpolationPoint& point, const BenchMeasure& measure) {
    return measure.of(point.tasks).value_or(kNaN);
}

std::vector<LossAt> lossesOf(const std::vector<InterpolationPoint>& points, const BenchMeasure& measure) {
    std::vector<LossAt> losses;
    for (const InterpolationPoint* point : byT(points)) {
        const double value = valueOf(*point, measure);
        losses.push_back({point->t(), measure.kind == Kind::Accuracy ? 1 - value : value});
    }
    return losses;
}

ValueTable barrierTable(const std::vector<InterpolationPoint>& points) {
    ValueTable table;
    const bool withAccuracy = hasAccuracy(points);
    table.headers = {Interpolation::tr("Task"),         Interpolation::tr("Barrier"),
                     Interpolation::tr("Highest at t"), Interpolation::tr("Loss of A"),
                     Interpolation::tr("Loss of B"),    Interpolation::tr("Lowest loss"),
                     Interpolation::tr("Lowest at t")};
    table.headerTips = {
        {},
        Interpolation::tr("How far the loss rises above the straight line between the losses of A and B"),
        Interpolation::tr("Where the barrier is that high: 0 is A, 1 is B"),
        {},
        {},
        Interpolation::tr("The lowest loss of all points"),
        Interpolation::tr("Where the loss is lowest")};
    if (withAccuracy) {
        table.headers << Interpolation::tr("Error barrier") << Interpolation::tr("Error highest at t");
        table.headerTips << Interpolation::tr("The same of the share of wrong answers, 0 to 1");
    }
    std::vector<std::string> rows{{}};
    const auto tasks = tasksOf(points);
    if (tasks.size() > 1) rows.insert(rows.end(), tasks.begin(), tasks.end());
    if (points.empty()) return table;
    for (const std::string& task : rows) {
        const auto losses = lossesOf(points, {Kind::Loss, task});
        const QString name = !task.empty()      ? toQString(task)
                             : tasks.size() > 1 ? Interpolation::tr("Mean")
                                                : toQString(tasks.front());
        std::vector<TableCell> row{
            {name, {}, task.empty() ? TableCell::Tone::Strong : TableCell::Tone::None}};
        addBarrier(row, losses);
        const auto end = [&](double t) {
            const auto found =
                std::find_if(losses.begin(), losses.end(), [t](const LossAt& at) { return at.t == t; });
            return found == losses.end() ? kNaN : found->loss;
        };
        row.push_back(numberCell(end(0)));
        row.push_back(numberCell(end(1)));
        const auto lowest =
            std::min_element(losses.begin(), losses.end(), [](const LossAt& a, const LossAt& b) {
                return a.loss < b.loss || (std::isnan(b.loss) && !std::isnan(a.loss));
            });
        row.push_back(numberCell(lowest->loss));
        row.push_back(shareCell(lowest->t));
        if (withAccuracy) addBarrier(row, lossesOf(points, {Kind::Accuracy, task}));
        table.rows.push_back(std::move(row));
    }
    return table;
}

ValueTable curveTable(const std::vector<InterpolationPoint>& points) {
    ValueTable table;
    const bool withAccuracy = hasAccuracy(points);
    const auto tasks = tasksOf(points);
    table.headers = {Interpolation::tr("t")};
    table.headerTips = {Interpolation::tr("Weight of B; A has 1 − t")};
    addHeaders(table, tasks, withAccuracy);
    table.headers.insert(2, Interpolation::tr("Above the line"));
    const auto losses = lossesOf(points, {Kind::Loss, {}});
    for (const InterpolationPoint* point : byT(points)) {
        std::vector<TableCell> row{shareCell(point->t())};
        addValues(row, *point, tasks, withAccuracy);
        const auto chord = lossOnChord(losses, point->t());
        row.insert(row.begin() + 2, numberCell(chord ? valueOf(*point, {Kind::Loss, {}}) - *chord : kNaN));
        table.rows.push_back(std::move(row));
    }
    return table;
}

ValueTable planeTable(const std::vector<PlanePoint>& points, const QStringList& letters) {
    ValueTable table;
    std::vector<InterpolationPoint> values;
    for (const PlanePoint& point : points) values.push_back(point.point);
    const bool withAccuracy = hasAccuracy(values);
    const auto tasks = tasksOf(values);
    table.headers = {Interpolation::tr("Point")};
    for (const QString& letter : letters) table.headers << Interpolation::tr("Weight of %1").arg(letter);
    addHeaders(table, tasks, withAccuracy);
    table.headers << QStringLiteral("x") << QStringLiteral("y");
    for (const PlanePoint& each : points) {
        std::vector<TableCell> row{{each.name, {}, TableCell::Tone::Strong}};
        for (const double weight : each.point.weights) row.push_back(shareCell(weight));
        addValues(row, each.point, tasks, withAccuracy);
        row.push_back(numberCell(each.place.x, TableCell::Tone::Muted));
        row.push_back(numberCell(each.place.y, TableCell::Tone::Muted));
        table.rows.push_back(std::move(row));
    }
    return table;
}

}  // namespace retort
