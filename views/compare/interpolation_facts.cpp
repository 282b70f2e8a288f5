#include "views/compare/interpolation_facts.h"

#include <algorithm>
#include <filesystem>
#include <map>

#include "core/config/load.h"
#include "core/lineage/merge_check.h"
#include "core/util/error.h"
#include "training/api/merge_bench_rows.h"

namespace retort {

namespace {

/// What the measurement depends on; weight and number of training examples do not matter to it.
std::string meaningOf(const BenchTask& task) {
    const Json key = task.isFile
                         ? Json{task.file.path,         task.file.prompt_field,   task.file.completion_field,
                                task.file.answer_field, task.file.held_out_share, task.file.chat_template,
                                task.file.verifier}
                         : Json{task.task.task, task.task.worked_share, task.task.parameters};
    return key.dump(-1, ' ', false, Json::error_handler_t::replace);
}

/// The bench's own name for it, which must be another for each.
std::string benchName(const BenchTask& task) {
    return task.isFile ? std::filesystem::path(task.file.path).stem().string() : task.name;
}

struct Found {
    BenchTask task;
    std::string run;
};

/// Two of one name are told apart by their runs; of two files of one name the first counts, since a file has
/// no other name.
std::vector<BenchTask> named(std::vector<Found> all) {
    std::map<std::string, int> count;
    for (const Found& each : all) ++count[benchName(each.task)];
    std::vector<BenchTask> tasks;
    std::map<std::string, int> used;
    for (Found& each : all) {
        std::string name = benchName(each.task);
        if (count[name] > 1 && !each.task.isFile) name.append(" (").append(each.run).append(")");
        const int before = used[name]++;
        if (before > 0 && each.task.isFile) continue;
        if (before > 0) name.append(" ").append(std::to_string(before + 1));
        if (!each.task.isFile) each.task.name = each.task.task.name = name;
        tasks.push_back(std::move(each.task));
    }
    return tasks;
}

}  // namespace

InterpolationFacts readInterpolationFacts(StoreReader& reader,
                                          const std::vector<ComparedCheckpoint>& checkpoints) {
    InterpolationFacts facts;
    std::vector<std::string> folders;
    for (const ComparedCheckpoint& each : checkpoints) folders.push_back(each.folder);
    for (const MergeFinding& finding : checkMergeable(reader.lineage(), folders)) {
        const std::string text = finding.text + (finding.hint.empty() ? "" : " (" + finding.hint + ")");
        if (finding.severity == MergeFinding::Severity::Error) facts.errors.push_back(text);
        if (finding.severity == MergeFinding::Severity::Warning) facts.warnings.push_back(text);
    }
    std::vector<Found> found;
    std::vector<std::string> meanings;
    for (const ComparedCheckpoint& each : checkpoints) {
        const auto run = reader.run(each.ref.run);
        if (!run) continue;
        try {
            for (BenchTask& task : tasksOfConfig(run->config)) {
                std::string meaning = meaningOf(task);
                if (std::find(meanings.begin(), meanings.end(), meaning) != meanings.end()) continue;
                meanings.push_back(std::move(meaning));
                found.push_back({std::move(task), run->name});
            }
            const ParsedConfig parsed = parseConfig(run->config, run->name);
            if (facts.numProblems == 0) facts.numProblems = int(parsed.config.evaluation.num_problems);
            if (facts.maxCompletionLength == 0)
                facts.maxCompletionLength = int(parsed.config.evaluation.max_completion_length);
        } catch (const Error&) {
            // A run of another program has no configuration of ours.
        }
    }
    facts.tasks = named(std::move(found));
    return facts;
}

std::int64_t examplesEach(bool isQuick, std::size_t tasks) {
    const auto count = static_cast<std::int64_t>(std::max<std::size_t>(tasks, 1));
    const std::int64_t rows = isQuick ? mergeBenchCoarseRows : mergeBenchLossRows;
    return std::max<std::int64_t>(1, (rows + count - 1) / count);
}

}  // namespace retort
