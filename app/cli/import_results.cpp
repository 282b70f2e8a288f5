// retort-cli import-results: what lm-evaluation-harness measured, as a run of its own beside the runs that it
// concerns.
#include <cstdio>
#include <map>

#include "app/cli/context.h"
#include "app/cli/table.h"
#include "core/formats/lm_eval_results.h"
#include "core/runlog/run_directory.h"
#include "core/runlog/writer.h"
#include "core/store/store.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

/// Of the tasks' names the longest that the file's name "samples_<task>_<time>.jsonl" begins with.
const LmEvalTask& taskOf(const fs::path& samples, const LmEvalResults& results) {
    const std::string name = samples.filename().string();
    const LmEvalTask* found = nullptr;
    for (const LmEvalTask& task : results.tasks)
        if (name.starts_with("samples_" + task.name + "_") &&
            (found == nullptr || task.name.size() > found->name.size()))
            found = &task;
    if (found == nullptr)
        throw Error("belongs to none of the tasks in the results", samples.string(),
                    "the harness names such files samples_<task>_<time>.jsonl");
    if (found->metrics.empty()) throw Error("the task " + found->name + " has no metric", samples.string());
    return *found;
}

std::vector<EvaluationEvent> evaluationsOf(const LmEvalResults& results, const Arguments& arguments) {
    std::map<std::string, std::vector<EvaluationItem>> items;
    for (const std::string& file : arguments.all("--samples")) {
        const LmEvalTask& task = taskOf(file, results);
        const LmEvalMetric& metric = task.metrics.front();
        items[task.name] = readLmEvalSamples(file, task.name, metric.name, metric.filter);
    }
    std::vector<EvaluationEvent> evaluations;
    for (const LmEvalTask& task : results.tasks)
        evaluations.push_back(evaluationOf(task, 0, std::move(items[task.name])));
    return evaluations;
}

RunDirectory createRun(const Context& context, const LmEvalResults& results, const fs::path& file,
                       const std::optional<RunRow>& parent) {
    RunIdentity identity;
    identity.name = context.arguments().text("--name");
    if (identity.name.empty()) identity.name = parent ? parent->name + " lm-eval" : "lm-eval";
    identity.recipe = "evaluation";
    identity.program = "lm-evaluation-harness";
    if (parent) identity.parent = parent->uuid;
    identity.environment = Json{{"model", results.model}, {"file", file.string()}};
    return RunDirectory::create(context.runsFolder(), identity.name,
                                "# Measured by lm-evaluation-harness: " + file.string() + "\n", identity);
}

void write(const RunDirectory& run, const std::vector<EvaluationEvent>& evaluations) {
    RunLogWriter log(run.eventsFile());
    StartEvent start;
    start.program = run.identity().program;
    log.write(start);
    for (const EvaluationEvent& evaluation : evaluations) log.write(evaluation);
    log.write(EndEvent{"finished", ""});
    log.sync();
    if (const std::string failure = log.failure(); !failure.empty())
        throw Error(failure, run.eventsFile().string());
}

void print(const std::vector<EvaluationEvent>& evaluations) {
    std::vector<std::vector<std::string>> rows;
    for (const EvaluationEvent& evaluation : evaluations)
        for (const auto& [name, value] : evaluation.metrics)
            rows.push_back(
                {evaluation.name, name, shortNumber(value), std::to_string(evaluation.items.size())});
    std::fputs(formatTable({"task", "metric", "value", "items"}, rows).c_str(), stdout);
}

}  // namespace

int runImportResults(Context& context) {
    const fs::path file = fs::absolute(context.arguments().positional(0));
    const LmEvalResults results = readLmEvalResults(file);
    const std::vector<EvaluationEvent> evaluations = evaluationsOf(results, context.arguments());
    std::optional<RunRow> parent;
    if (const std::string name = context.arguments().text("--run"); !name.empty()) {
        StoreReader reader = context.reader();
        parent = context.findRun(reader, name);
    }
    fs::create_directories(context.storeFile().parent_path());
    StoreWriter store(context.storeFile());
    const RunDirectory run = createRun(context, results, file, parent);
    write(run, evaluations);
    store.ingest(store.addRun(run, "import").get()).get();
    if (context.json())
        std::puts(Json{{"id", run.identity().id},
                       {"directory", run.path().string()},
                       {"evaluations", evaluations.size()}}
                      .dump(2)
                      .c_str());
    else
        print(evaluations);
    return exitOk;
}

}  // namespace retort::cli
