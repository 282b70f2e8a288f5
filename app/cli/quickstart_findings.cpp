#include "app/cli/quickstart_findings.h"

#include <cstdio>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "app/cli/context.h"
#include "app/cli/course.h"
#include "app/cli/table.h"

namespace retort::cli {
namespace {

// Held-out results of a task at the first and at the last evaluation.
struct TaskCourse {
    std::optional<EvaluationRow> before, after;
};

using Courses = std::map<std::string, TaskCourse>;

Courses coursesOf(StoreReader& reader, RowId run) {
    Courses courses;
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

bool isReinforced(const StageRun& run) {
    return run.recipe == "grpo" || run.recipe == "ppo";
}

// Every stage at its end, one line each.
void printStages(StoreReader& reader, const std::vector<StageRun>& runs) {
    std::set<std::string> tasks;
    std::vector<Courses> courses;
    for (const StageRun& run : runs) {
        courses.push_back(coursesOf(reader, run.id));
        for (const auto& [task, course] : courses.back()) tasks.insert(task);
    }
    std::vector<std::string> head = {"stage", "recipe"};
    for (const std::string& task : tasks) head.insert(head.end(), {task, "length"});
    std::vector<std::vector<std::string>> rows;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        rows.push_back({runs[i].stage, runs[i].recipe});
        for (const std::string& task : tasks) {
            const TaskCourse course = courses[i].count(task) ? courses[i][task] : TaskCourse();
            rows.back().push_back(shortNumber(metric(course.after, "accuracy")));
            rows.back().push_back(shortNumber(metric(course.after, "mean_length")));
        }
    }
    std::printf("held-out problems at each stage's end: accuracy, mean length in tokens\n\n%s\n",
                formatTable(head, rows).c_str());
}

void printTable(const Courses& courses) {
    std::vector<std::vector<std::string>> rows;
    for (const auto& [task, course] : courses)
        rows.push_back({task, fromTo(course, "accuracy"), fromTo(course, "worked_share"),
                        fromTo(course, "mean_length")});
    if (!rows.empty())
        std::printf("%s\n", formatTable({"task", "accuracy", "worked share", "mean length"}, rows).c_str());
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
    for (const AlarmRow& alarm : reader.alarms(run))
        std::printf("alarm at step %lld: %s\n", static_cast<long long>(alarm.step), alarm.text.c_str());
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

void printTraces(StoreReader& reader, RowId run, const Courses& courses) {
    for (const auto& [task, course] : courses) {
        const auto pair = tellingPair(reader, run, task, course.before->step, course.after->step);
        if (!pair) continue;
        std::printf("%s, one problem before and after\n", task.c_str());
        printTrace(reader, "before", pair->before);
        printTrace(reader, "after", pair->after);
        std::puts("");
    }
}

Json tasksJson(const Courses& courses) {
    Json json = Json::object();
    for (const auto& [task, course] : courses)
        for (const char* name : {"accuracy", "worked_share", "mean_length"})
            if (const auto before = metric(course.before, name), after = metric(course.after, name);
                before && after)
                json[task][name] = {*before, *after};
    return json;
}

Json findingsJson(StoreReader& reader, const std::vector<StageRun>& runs) {
    Json json = {{"runs", Json::array()}, {"tasks", tasksJson(coursesOf(reader, runs.back().id))}};
    for (const StageRun& run : runs)
        json["runs"].push_back({{"stage", run.stage},
                                {"directory", run.directory.string()},
                                {"tasks", tasksJson(coursesOf(reader, run.id))},
                                {"alarms", reader.alarms(run.id).size()}});
    return json;
}

}  // namespace

void printFindings(const Context& context, const std::vector<StageRun>& runs) {
    StoreReader reader = context.reader();
    if (context.json()) {
        std::puts(Json{{"kind", "quickstart"}, {"results", findingsJson(reader, runs)}}.dump().c_str());
        return;
    }
    std::puts("");
    printStages(reader, runs);
    Courses last;
    for (const StageRun& run : runs) {
        if (!isReinforced(run)) continue;
        last = coursesOf(reader, run.id);
        std::printf("%s: before → after reinforcement learning\n\n", run.stage.c_str());
        printTable(last);
        printCurves(reader, run.id);
    }
    printTraces(reader, runs.back().id, last);
    std::printf("store: %s (open it with `retort --store`, or see `retort-cli show`)\n",
                context.storeFile().c_str());
}

}  // namespace retort::cli
