// Merges on the line or in the plane through checkpoints, as measured, and the tables of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/analysis/checkpoint_plane.h"
#include "core/analysis/interpolation.h"
#include "training/api/merge_bench.h"
#include "views/merge/bench_point.h"
#include "views/models/value_table_model.h"

namespace retort {

struct InterpolationPoint {
    std::vector<double> weights;        ///< of the checkpoints, in their order; the sum is 1
    std::vector<MergeBenchTask> tasks;  ///< in the bench's order

    /// On the line from the first to the second.
    double t() const { return weights.size() > 1 ? weights[1] : 0; }
};

/// How closely points are measured.
enum class InterpolationEffort {
    Quick,     ///< loss on the bench's coarse rows
    Loss,      ///< loss on all of its rows
    Accuracy,  ///< and the answers that the merge itself writes
};

/// mergekit's recipe of Σ weights·models as it stands: weights are not divided by their sum.
std::string linearRecipe(const std::vector<std::string>& folders, const std::vector<double>& weights);

/// A place on the way or a weight, with no more digits than it has.
QString shareText(double share);
/// Names of the tasks in the bench's order; empty without points.
std::vector<std::string> tasksOf(const std::vector<InterpolationPoint>& points);
/// Mean over the tasks; NaN where there is none.
double valueOf(const InterpolationPoint& point, const BenchMeasure& measure);
/// By t; of `measure`, an accuracy turned into the error 1 − accuracy.
std::vector<LossAt> lossesOf(const std::vector<InterpolationPoint>& points, const BenchMeasure& measure);

/// A row for the mean and each task: losses of the ends, barrier and where; with accuracies also the barrier
/// of the error.
ValueTable barrierTable(const std::vector<InterpolationPoint>& points);
/// A row a point, by t.
ValueTable curveTable(const std::vector<InterpolationPoint>& points);

/// A measured point of the plane; `name` is that of a checkpoint, empty for the grid's.
struct PlanePoint {
    QString name;
    CheckpointPlane::Place place;
    InterpolationPoint point;
};
ValueTable planeTable(const std::vector<PlanePoint>& points, const QStringList& letters);

}  // namespace retort
