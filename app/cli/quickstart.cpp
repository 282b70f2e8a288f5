// retort-cli quickstart: the study of resources/quickstart, stage by stage, and what it found.
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>

#include "app/cli/context.h"
#include "app/cli/table.h"
#include "app/cli/training_session.h"
#include "core/config/study.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

struct StageRun {
    std::string stage, recipe;
    RowId id = 0;
    fs::path directory;
};

// Steps enough to pass through every part of a stage.
std::vector<std::string> fastOverrides(const StudyStage& stage) {
    std::vector<std::string> overrides = {"training.max_steps=4",    "training.warmup_steps=1",
                                          "evaluation.eval_steps=2", "evaluation.num_problems=4",
                                          "training.precision=fp32", "evaluation.max_completion_length=16"};
    if (parseConfig(stage.yaml, stage.file).config.recipe == "grpo")
        for (const char* each : {"grpo.prompts_per_step=2", "grpo.num_generations=2",
                                 "grpo.max_completion_length=16", "grpo.min_start_accuracy=0"})
            overrides.emplace_back(each);
    else
        overrides.emplace_back("training.batch_size=4");
    return overrides;
}

class Quickstart {
  public:
    Quickstart(const Context& context, StoreWriter& store) : m_context(context), m_store(store) {}

    SessionResult runStage(const StudyStage& stage) {
        const bool fast = m_context.arguments().has("--fast");
        ParsedConfig parsed =
            resolveStage(stage, m_directories, fast ? fastOverrides(stage) : std::vector<std::string>());
        const PreparedRun prepared = prepareRun(std::move(parsed), fs::current_path(), m_context.runFinder());
        const RunDirectory run = createRun(prepared, m_context.runsFolder(), "retort-cli " RETORT_VERSION);
        const RowId id = m_store.addRun(run, "cli").get();
        m_runs.push_back({stage.name, prepared.config.recipe, id, run.path()});
        m_directories[stage.name] = run.path();
        Progress progress(Progress::styleFor(m_context.json(), m_context.quiet()), stage.name);
        return trainIntoStore(m_store, id, run, false, progress);
    }

    const std::vector<StageRun>& runs() const { return m_runs; }

  private:
    const Context& m_context;
    StoreWriter& m_store;
    std::vector<StageRun> m_runs;
    std::map<std::string, fs::path> m_directories;
};

// Held-out results of a task at the first and at the last evaluation.
struct Course {
    std::optional<EvaluationRow> before, after;
};

std::map<std::string, Course> coursesOf(StoreReader& reader, RowId run) {
    std::map<std::string, Course> courses;
    for (EvaluationRow& row : reader.evaluations(run)) {
        Course& course = courses[row.name];
        if (!course.before || row.step < course.before->step) course.before = row;
        if (!course.after || row.step >= course.after->step) course.after = std::move(row);
    }
    return courses;
}

std::optional<double> metric(const std::optional<EvaluationRow>& row, const char* name) {
    if (!row) return std::nullopt;
    const auto found = row->metrics.find(name);
    return found == row->metrics.end() ? std::nullopt : std::optional<double>(found->second);
}

std::string fromTo(const Course& course, const char* name) {
    return shortNumber(metric(course.before, name)) + " → " + shortNumber(metric(course.after, name));
}

void printTable(const std::map<std::string, Course>& courses) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [task, course] : courses)
        rows.push_back({task, fromTo(course, "accuracy"), fromTo(course, "worked_share"),
                        fromTo(course, "mean_length")});
    if (rows.empty()) return;
    std::printf("held-out problems, before → after reinforcement learning\n\n%s\n",
                formatTable({"task", "accuracy", "worked share", "mean length"}, rows).c_str());
}

void printCurves(StoreReader& reader, RowId run) {
    constexpr std::pair<const char*, const char*> curves[] = {{"reward", "reward"},
                                                              {"completions/mean_length", "length"},
                                                              {"completions/worked_share", "worked share"}};
    for (const auto& [name, label] : curves)
        for (const SeriesRow& series : reader.series(run)) {
            if (series.name != name) continue;
            std::vector<double> values;
            for (const SeriesPoint& point : reader.points(series.id)) values.push_back(point.value);
            if (values.empty()) continue;
            std::printf("%-13s %s  %s → %s\n", label, sparkline(values, 50).c_str(),
                        shortNumber(values.front()).c_str(), shortNumber(values.back()).c_str());
        }
    std::puts("");
}

std::vector<TraceRow> evaluationTraces(StoreReader& reader, RowId run, std::int64_t step) {
    TraceFilter filter;
    filter.run = run;
    filter.phase = "eval";
    filter.fromStep = filter.toStep = step;
    return reader.traces(filter, 0, 1000);
}

struct TracePair {
    RowId before = 0, after = 0;
    int score = -1;
};

// The same problem before and after; best one that was wrong without working and is right with it.
TracePair pickTraces(StoreReader& reader, RowId run, std::int64_t first, std::int64_t last) {
    std::map<std::string, TraceRow> earlier;
    for (TraceRow& row : evaluationTraces(reader, run, first)) earlier.emplace(row.problemId, std::move(row));
    TracePair best;
    for (const TraceRow& row : evaluationTraces(reader, run, last)) {
        const auto found = earlier.find(row.problemId);
        if (found == earlier.end()) continue;
        const TraceRow& old = found->second;
        const int score = 4 * (!old.correct && row.correct) + 2 * (!old.worked && row.worked) + row.correct;
        if (score > best.score) best = {old.id, row.id, score};
    }
    return best;
}

void printTrace(StoreReader& reader, const char* label, RowId id) {
    const std::optional<Trace> trace = reader.trace(id);
    if (!trace) return;
    std::printf("%-7s %s%s   %s\n", label, printable(trace->prompt).c_str(),
                printable(trace->completion).c_str(),
                trace->correct ? "right" : ("wrong: it is " + printable(trace->gold)).c_str());
}

void printTraces(StoreReader& reader, RowId run, const std::map<std::string, Course>& courses) {
    if (courses.empty()) return;
    const Course& course = courses.begin()->second;
    const TracePair pair = pickTraces(reader, run, course.before->step, course.after->step);
    if (pair.score < 0 || pair.before == pair.after) return;
    printTrace(reader, "before", pair.before);
    printTrace(reader, "after", pair.after);
    std::puts("");
}

Json resultsJson(StoreReader& reader, const std::vector<StageRun>& runs) {
    Json json = {{"runs", Json::array()}, {"tasks", Json::object()}};
    for (const StageRun& run : runs)
        json["runs"].push_back({{"stage", run.stage}, {"directory", run.directory.string()}});
    for (const auto& [task, course] : coursesOf(reader, runs.back().id))
        for (const char* name : {"accuracy", "worked_share", "mean_length"})
            if (const auto before = metric(course.before, name), after = metric(course.after, name);
                before && after)
                json["tasks"][task][name] = {*before, *after};
    return json;
}

void printResults(const Context& context, const std::vector<StageRun>& runs) {
    StoreReader reader = context.reader();
    if (context.json()) {
        std::puts(Json{{"kind", "quickstart"}, {"results", resultsJson(reader, runs)}}.dump().c_str());
        return;
    }
    const RowId last = runs.back().id;
    const std::map<std::string, Course> courses = coursesOf(reader, last);
    std::puts("");
    printTable(courses);
    printCurves(reader, last);
    printTraces(reader, last, courses);
    std::printf("store: %s (open it with `retort --store`, or see `retort-cli show`)\n",
                context.storeFile().c_str());
}

}  // namespace

int runQuickstart(Context& context) {
    if (const std::string out = context.arguments().text("--out"); !out.empty())
        context.useStore(fs::absolute(out) / "lab.db");
    std::error_code code;
    fs::create_directories(context.storeFile().parent_path(), code);
    loadTrainingModule();
    StoreWriter store(context.storeFile());
    Quickstart quickstart(context, store);
    const Study& study = quickstartStudy();
    for (std::size_t i = 0; i < study.stages.size(); ++i) {
        const StudyStage& stage = study.stages[i];
        context.note("stage " + std::to_string(i + 1) + " of " + std::to_string(study.stages.size()) + ": " +
                     stage.name);
        const SessionResult result = quickstart.runStage(stage);
        if (result.outcome == TrainOutcome::Stopped) return result.interrupted ? exitInterrupted : exitOk;
    }
    printResults(context, quickstart.runs());
    return exitOk;
}

}  // namespace retort::cli
