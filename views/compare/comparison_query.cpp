#include "views/compare/comparison_query.h"

#include <QThread>
#include <algorithm>
#include <set>

namespace retort {

namespace {

std::vector<std::size_t> placesOf(const Comparison& comparison, const std::vector<CheckpointRef>& refs) {
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < comparison.checkpoints.size(); ++i)
        if (i != comparison.baseline &&
            std::find(refs.begin(), refs.end(), comparison.checkpoints[i].ref) != refs.end())
            places.push_back(i);
    return places;
}

}  // namespace

std::shared_ptr<const ComparisonResult> openComparison(StoreReader& reader, const ComparisonRequest& request,
                                                       const std::stop_token& stop) {
    const auto result = std::make_shared<ComparisonResult>();
    result->comparison = std::make_shared<const Comparison>(
        loadComparison(reader, request.checkpoints, request.baseline, request.evaluation));
    const Comparison& comparison = *result->comparison;
    std::set<std::string> names;
    for (const CheckpointRef& ref : request.checkpoints)
        for (const EvaluationRow& row : reader.evaluations(ref.run))
            if (row.step == ref.step) names.insert(row.name);
    result->evaluations.assign(names.begin(), names.end());
    if (comparison.items() == 0) return result;
    BootstrapOptions later;
    later.draws = 0;
    result->scores = scoreCheckpoints(comparison, later, stop);
    result->tasks = groupsByTask(comparison);
    result->taskCells = groupTable(comparison, result->tasks);
    result->difficulty = groupsByDifficulty(comparison);
    result->difficultyCells = groupTable(comparison, result->difficulty);
    return result;
}

std::shared_ptr<const ComparisonResult> completeComparison(StoreReader& reader,
                                                           const ComparisonResult& opened,
                                                           const ComparisonRequest& request,
                                                           const std::stop_token& stop) {
    const auto result = std::make_shared<ComparisonResult>(opened);
    const Comparison& comparison = *result->comparison;
    result->isComplete = true;
    result->parentsByHand = request.parents.has_value();
    result->families = request.parents ? familiesByHand(comparison, placesOf(comparison, *request.parents))
                                       : familiesFromLineage(reader, comparison);
    if (comparison.items() == 0) return result;
    result->merges = mergeScores(comparison, result->families);
    for (std::size_t i = 0; i < comparison.checkpoints.size() && !stop.stop_requested(); ++i)
        result->lengthCurves.push_back(lengthCurve(comparison, i));
    BootstrapOptions options;
    options.threads = std::clamp(QThread::idealThreadCount(), 1, 4);
    addIntervals(result->scores, comparison, options, stop);
    return result;
}

}  // namespace retort
