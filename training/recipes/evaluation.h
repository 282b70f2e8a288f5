// Held-out evaluation: accuracy, step accuracy, pass@k, lengths, item by item.
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "training/api/training_module.h"
#include "training/engine/generator.h"
#include "training/recipes/data_source.h"

namespace retort {

/// The held-out problems of one source, drawn once and used by every evaluation of the run.
struct EvaluationSet {
    const DataSource* source = nullptr;
    std::vector<Problem> problems;
    std::string hash;
};
std::vector<EvaluationSet> makeEvaluationSets(const std::vector<DataSource>& sources, std::int64_t problems);

/// One report a set. When `stop` cuts it short, the sets that were begun: of the last one the problems before
/// the first that was not answered yet (leaving out only those under way would favour short answers). Traces
/// are numbered so that groups are unique over the sets. What is chosen among a problem's samples is in
/// sample_choices.h, the searches of the same problems and what they cost in search_evaluation.h; the trees
/// of the first problems are in the reports.
std::vector<EvaluationReport> evaluateSets(const std::vector<EvaluationSet>& sets, Generator& generator,
                                           const Tokenizer& tokenizer, const EvaluationSettings& settings,
                                           bool tokenArrays, std::uint64_t seed, std::int64_t step,
                                           std::stop_token stop);
/// Throws Error where the settings' verifier cannot do what they ask of it: searches over steps rate
/// unfinished solutions, which a reward model of whole ones does not.
void checkVerifier(const EvaluationSettings& settings);
/// Whether no stop cut it short.
bool isComplete(const std::vector<EvaluationReport>& reports, const std::vector<EvaluationSet>& sets);

}  // namespace retort
