// The tables of the Compare page, from what core has computed.
#pragma once

#include <memory>
#include <vector>

#include "core/analysis/calibration.h"
#include "core/comparison/comparison_groups.h"
#include "core/comparison/comparison_scores.h"
#include "core/comparison/merge_families.h"
#include "core/weights/checkpoint_difference.h"
#include "views/models/value_table_model.h"

namespace retort {

/// A comparison with everything that is shown of it at once (comparison_query.h).
struct ComparisonResult {
    std::shared_ptr<const Comparison> comparison;
    std::vector<std::string> evaluations;  ///< names that there are, for the choice
    std::vector<CheckpointScore> scores;
    std::vector<ProblemGroup> tasks, difficulty;
    std::vector<std::vector<GroupCell>> taskCells, difficultyCells;

    // What comes a little later.
    bool isComplete = false;  ///< it is there, and the bootstrapped intervals in `scores`, too
    bool parentsByHand = false;
    std::vector<MergeFamily> families;
    std::vector<MergeScore> merges;
    std::vector<std::vector<std::pair<double, double>>> lengthCurves;
};

QString noteSentence(const ComparisonNote& note);
/// "addition: 3 digits"
QString groupText(const ProblemGroup& group);

ValueTable checkpointTable(const ComparisonResult& result);
ValueTable groupsTable(const Comparison& comparison, const std::vector<ProblemGroup>& groups,
                       const std::vector<std::vector<GroupCell>>& cells);
ValueTable lengthTable(const ComparisonResult& result);
ValueTable mergeTable(const ComparisonResult& result);

struct CheckpointCalibration {
    std::string name;
    Calibration probability, agreement;
};
ValueTable calibrationTable(const std::vector<CheckpointCalibration>& calibrations);

ValueTable weightTable(const CheckpointDifference& difference);

}  // namespace retort
