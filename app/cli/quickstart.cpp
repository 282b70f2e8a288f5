// retort-cli quickstart: the study of resources/quickstart, stage by stage, and what it found. A study that
// was stopped or killed goes on where it was.
#include <algorithm>
#include <cstdio>
#include <map>
#include <tuple>

#include "app/cli/context.h"
#include "app/cli/course.h"
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

// Not moved away, and with the checkpoint that the next stage needs.
bool isThere(const RunRow& run) {
    std::error_code code;
    if (!fs::exists(fs::path(run.directory) / "run.json", code)) return false;
    return run.state != "finished" || !RunDirectory::open(run.directory).checkpointSteps().empty();
}

class Quickstart {
  public:
    Quickstart(const Context& context, StoreWriter& store) : m_context(context), m_store(store) {
        if (!context.arguments().has("--new")) findEarlier();
    }

    SessionResult runStage(std::size_t index) {
        const StudyStage& stage = quickstartStudy().stages[index];
        const std::string title = "stage " + std::to_string(index + 1) + " of " +
                                  std::to_string(quickstartStudy().stages.size()) + ": " + stage.name;
        const bool goesOn = index < m_earlier.size();
        if (goesOn && m_earlier[index].state == "finished") {
            m_context.note(title + " (done before)");
            add(stage, m_earlier[index].directory, m_earlier[index].id);
            return {};
        }
        m_context.note(title + (goesOn ? " (goes on)" : ""));
        const NewRun run = goesOn ? goOn(m_earlier[index])
                                  : beginRun(m_store, prepare(stage), m_context.runsFolder(), "cli");
        add(stage, run.directory.path(), run.id);
        if (m_context.json())
            std::puts(
                Json{{"stage", stage.name}, {"directory", run.directory.path().string()}}.dump().c_str());
        Progress progress(Progress::styleFor(m_context.json(), m_context.quiet()), stage.name);
        return trainIntoStore(m_store, run.id, run.directory, goesOn, progress);
    }

    const std::vector<StageRun>& runs() const { return m_runs; }

  private:
    NewRun goOn(const RunRow& row) {
        RunDirectory run = RunDirectory::open(row.directory);
        withdrawRequests(run);
        const RowId id = m_store.addRun(run, "cli").get();
        return {std::move(run), id};
    }

    PreparedRun prepare(const StudyStage& stage) const {
        const bool fast = m_context.arguments().has("--fast");
        ParsedConfig parsed =
            resolveStage(stage, m_directories, fast ? fastOverrides(stage) : std::vector<std::string>());
        return prepareRun(std::move(parsed), fs::current_path(), m_context.runFinder());
    }

    void add(const StudyStage& stage, const fs::path& directory, RowId id) {
        m_runs.push_back({stage.name, parseConfig(stage.yaml, stage.file).config.recipe, id, directory});
        m_directories[stage.name] = directory;
    }

    // The stages that an earlier call did, the last of them perhaps in part; none when it did them all. A
    // stage's run is known by its configuration, which also names the checkpoint of the run before it.
    void findEarlier() {
        for (const StudyStage& stage : quickstartStudy().stages) {
            const std::optional<RunRow> run = runOf(prepare(stage));
            if (!run) break;
            m_earlier.push_back(*run);
            if (run->state != "finished") break;
            m_directories[stage.name] = run->directory;
        }
        m_directories.clear();
        if (m_earlier.size() == quickstartStudy().stages.size() && m_earlier.back().state == "finished")
            m_earlier.clear();
    }

    // The newest run of this configuration whose directory is still there.
    std::optional<RunRow> runOf(const PreparedRun& prepared) const {
        StoreReader reader(m_store.file());
        std::optional<RunRow> found;
        for (const RunRow& run : reader.runs())
            if (run.config == prepared.yaml && (!found || run.created > found->created) && isThere(run))
                found = run;
        if (!found) return std::nullopt;
        if (RunDirectory::open(found->directory).isRunning())
            throw Error("the quickstart is running already", found->directory,
                        "wait for it, or begin another one with --new");
        m_store.ingest(found->id).get();  // it may have been killed before the store had all of its log
        return reader.run(found->id);
    }

    const Context& m_context;
    StoreWriter& m_store;
    std::vector<RunRow> m_earlier;
    std::vector<StageRun> m_runs;
    std::map<std::string, fs::path> m_directories;
};

// Held-out results of a task at the first and at the last evaluation.
struct TaskCourse {
    std::optional<EvaluationRow> before, after;
};

std::map<std::string, TaskCourse> coursesOf(StoreReader& reader, RowId run) {
    std::map<std::string, TaskCourse> courses;
    for (EvaluationRow& row : reader.evaluations(run)) {
        TaskCourse& course = courses[row.name];
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

std::string fromTo(const TaskCourse& course, const char* name) {
    return shortNumber(metric(course.before, name)) + " → " + shortNumber(metric(course.after, name));
}

void printTable(const std::map<std::string, TaskCourse>& courses) {
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
    const std::vector<SeriesRow> all = reader.series(run);
    for (const auto& [name, label] : curves)
        for (const SeriesRow& series : all) {
            if (series.name != name) continue;
            const Course course = courseOf(reader, series, 50);
            std::printf("%-13s %s  %s → %s\n", label, course.sparkline.c_str(),
                        shortNumber(course.first).c_str(), shortNumber(series.lastValue).c_str());
        }
    std::puts("");
}

std::vector<TraceRow> evaluationTraces(StoreReader& reader, RowId run, const std::string& task,
                                       std::int64_t step) {
    TraceFilter filter;
    filter.run = run;
    filter.phase = "eval";
    filter.task = task;
    filter.fromStep = filter.toStep = step;
    return reader.traces(filter, 0, 1000);
}

struct TracePair {
    RowId before = 0, after = 0;
};

// The same problem before and after: one that was wrong without working and is right with it, and of these
// the one with the most to work out.
std::optional<TracePair> tellingPair(StoreReader& reader, RowId run, const std::string& task,
                                     std::int64_t first, std::int64_t last) {
    std::map<std::string, TraceRow> earlier;
    for (TraceRow& row : evaluationTraces(reader, run, task, first))
        earlier.emplace(row.problemId, std::move(row));
    std::optional<TracePair> best;
    std::tuple<int, std::int32_t, std::size_t> bestScore{-1, 0, 0};
    for (const TraceRow& row : evaluationTraces(reader, run, task, last)) {
        const auto found = earlier.find(row.problemId);
        if (found == earlier.end() || found->second.id == row.id) continue;
        const TraceRow& old = found->second;
        const int turn = 4 * (!old.correct && row.correct) + 2 * (!old.worked && row.worked) + row.correct;
        const std::tuple score{turn, row.numTokens, row.promptHead.size()};
        if (score > bestScore) {
            best = {old.id, row.id};
            bestScore = score;
        }
    }
    return best;
}

void printTrace(StoreReader& reader, const char* label, RowId id) {
    const std::optional<Trace> trace = reader.trace(id);
    if (!trace) return;
    std::printf("  %-7s %s%s   %s\n", label, printable(trace->prompt).c_str(),
                printable(trace->completion).c_str(),
                trace->correct ? "right" : ("wrong: it is " + printable(trace->gold)).c_str());
}

void printTraces(StoreReader& reader, RowId run, const std::map<std::string, TaskCourse>& courses) {
    for (const auto& [task, course] : courses) {
        const auto pair = tellingPair(reader, run, task, course.before->step, course.after->step);
        if (!pair) continue;
        std::printf("%s, one problem before and after\n", task.c_str());
        printTrace(reader, "before", pair->before);
        printTrace(reader, "after", pair->after);
        std::puts("");
    }
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
    const std::map<std::string, TaskCourse> courses = coursesOf(reader, last);
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
    for (std::size_t i = 0; i < quickstartStudy().stages.size(); ++i) {
        const SessionResult result = quickstart.runStage(i);
        if (result.outcome == TrainOutcome::Finished) continue;
        context.note("stopped; the same command goes on from there");
        return result.interrupted ? exitInterrupted : exitOk;
    }
    printResults(context, quickstart.runs());
    return exitOk;
}

}  // namespace retort::cli
