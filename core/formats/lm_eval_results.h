// Results of EleutherAI's lm-evaluation-harness: results_*.json, and the samples_*.jsonl that --log_samples
// writes beside it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/runlog/event.h"

namespace retort {

struct LmEvalMetric {
    std::string name;    ///< "exact_match", "acc" …
    std::string filter;  ///< "strict-match", "none" …
    double value = 0;
    std::optional<double> standardError;
};

struct LmEvalTask {
    std::string name, version;
    std::vector<LmEvalMetric> metrics;
    std::int64_t samples = 0;             ///< problems that were put; 0: not said
    std::optional<std::int64_t> fewshot;  ///< examples in the prompt
};

struct LmEvalResults {
    std::string model;  ///< model_args, or the model's name
    std::vector<LmEvalTask> tasks;
};

/// Tasks and groups in the file's order. Throws Error: not JSON, no "results", a metric that is no number,
/// more than 256 MB.
LmEvalResults readLmEvalResults(const std::filesystem::path& file);

/// The items of one task. Right are those whose `metric` is 1; a problem's id is "<task>:<doc_hash>" (or
/// doc_id, where an older harness gives no hash). Lines of other filters than `filter` are skipped, unless it
/// is empty. Throws Error with file:line.
std::vector<EvaluationItem> readLmEvalSamples(const std::filesystem::path& file, const std::string& task,
                                              const std::string& metric, const std::string& filter);

/// As an evaluation of a run at `step`: metrics "exact_match,strict-match", and their errors with "_stderr"
/// behind the name, as in the file.
EvaluationEvent evaluationOf(const LmEvalTask& task, std::int64_t step, std::vector<EvaluationItem> items);

}  // namespace retort
