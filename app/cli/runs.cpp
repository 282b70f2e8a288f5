// retort-cli runs, show.
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <set>

#include "app/cli/context.h"
#include "app/cli/course.h"
#include "app/cli/table.h"
#include "app/cli/terminal.h"
#include "core/machines/remote_run.h"
#include "core/runlog/priority.h"
#include "core/util/clock.h"
#include "core/util/error.h"

namespace retort::cli {
namespace {

bool mayHaveMore(const RunRow& run) {
    return run.state == "created" || run.state == "running" || run.state == "paused" || run.state == "lost";
}

// Runs in other processes write only their logs, so a look at the store first takes in what is new there.
void refresh(const Context& context) {
    StoreReader reader = context.reader();
    std::vector<RunRow> open;
    for (RunRow& run : reader.runs(true))
        if (mayHaveMore(run)) open.push_back(std::move(run));
    if (open.empty()) return;
    try {
        StoreWriter writer(context.storeFile());
        for (const RunRow& run : open) writer.ingest(run.id).get();
        // What becomes of those in the queue is told by whoever works it off.
        std::set<RowId> queued;
        for (const QueuedRun& each : reader.queuedRuns()) queued.insert(each.run);
        for (const RunRow& before : open) {
            const std::optional<RunRow> run = reader.run(before.id);
            if (queued.contains(before.id)) continue;
            // Nobody holds the lock of what goes on elsewhere.
            if (isRemoteRun(before.directory) || hasOpenJob(before.directory)) continue;
            if (before.backend == "adopted")
                continue;  // another program's: `adopt` knows what its files tell
            // A trainer that was just started may not hold the lock yet.
            if (!run || !mayHaveMore(*run) || run->state == "lost" || unixTime() - run->created < 20)
                continue;
            if (!RunDirectory::open(run->directory).isRunning())
                writer.setState(run->id, "lost", "The trainer ended without saying how.").get();
        }
    } catch (const Error& error) {
        context.note(std::string("shown as the store has it: ") + error.what());
    }
}

/// Of another program's run when its training began, not when it was adopted.
double dateOf(const RunRow& run) {
    return run.backend == "adopted" && run.started ? *run.started : run.created;
}

/// Of the first that there is: trackers know other programs' metrics under other names.
std::optional<double> latest(const RunRow& run, std::initializer_list<const char*> names) {
    for (const char* name : names)
        if (const auto found = run.latest.find(name); found != run.latest.end()) return found->second;
    return std::nullopt;
}

std::string stepText(const RunRow& run) {
    return std::to_string(run.step) + (run.totalSteps > 0 ? "/" + std::to_string(run.totalSteps) : "");
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text.append(text.empty() ? "" : ", ").append(word);
    return text;
}

// NaN has no JSON form; as in the event log, it is a string.
Json numberJson(double value) {
    if (std::isfinite(value)) return value;
    return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

Json mapJson(const std::map<std::string, double>& values) {
    Json json = Json::object();
    for (const auto& [name, value] : values) json[name] = numberJson(value);
    return json;
}

Json toJson(const RunRow& run) {
    Json json = {{"id", run.uuid},
                 {"name", run.name},
                 {"study", run.study},
                 {"recipe", run.recipe},
                 {"state", run.state},
                 {"backend", run.backend},
                 {"host", run.host},
                 {"step", run.step},
                 {"total_steps", run.totalSteps},
                 {"created", run.created},
                 {"attempts", run.attempts},
                 {"archived", run.archived},
                 {"directory", run.directory},
                 {"tags", run.tags},
                 {"notes", run.notes},
                 {"alarms", run.alarms},
                 {"latest", mapJson(run.latest)}};
    if (run.started) json["started"] = *run.started;
    if (run.ended) json["ended"] = *run.ended;
    if (!run.error.empty()) json["error"] = run.error;
    return json;
}

std::string dumped(const Json& json, int indent) {
    return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

void printRun(const RunRow& run) {
    const auto field = [](const char* name, const std::string& value) {
        if (!value.empty()) std::printf("%-10s %s\n", name, printable(value).c_str());
    };
    field("name", run.name);
    field("id", run.uuid);
    field("recipe", run.recipe);
    field("study", run.study);
    field("state",
          run.state + (run.activity.empty() || run.state != "running" ? "" : " (" + run.activity + ")"));
    const auto priority = readPriorityState(run.directory);
    if (run.state == "running" || run.state == "paused")
        field("priority", priority ? "nice " + std::to_string(priority->nice) : "");
    field("error", run.error);
    field("step", stepText(run));
    field("created", localTime(dateOf(run)));
    if (run.started && run.ended) field("took", duration(*run.ended - *run.started));
    field("attempts", run.attempts > 1 ? std::to_string(run.attempts) : "");
    field("host", run.host);
    field("backend", run.backend);
    field("tags", joined(run.tags));
    field("notes", run.notes);
    field("folder", run.directory);
}

void printSeries(StoreReader& reader, RowId run) {
    std::vector<std::vector<std::string>> rows;
    for (const SeriesRow& series : reader.series(run))
        rows.push_back({series.name, std::to_string(series.count), shortNumber(series.lastValue),
                        courseOf(reader, series, 20).sparkline});
    if (!rows.empty()) std::printf("\n%s", formatTable({"series", "points", "last", "course"}, rows).c_str());
}

void printEvaluations(StoreReader& reader, RowId run) {
    const std::vector<EvaluationRow> evaluations = reader.evaluations(run);
    std::vector<std::string> head = {"step", "evaluation"}, metrics;
    for (const EvaluationRow& evaluation : evaluations)
        for (const auto& [name, value] : evaluation.metrics) {
            if (evaluationLabel(name) == nullptr ||
                std::find(metrics.begin(), metrics.end(), name) != metrics.end())
                continue;
            metrics.push_back(name);
            head.emplace_back(evaluationLabel(name));
        }
    std::vector<std::vector<std::string>> rows;
    for (const EvaluationRow& evaluation : evaluations) {
        rows.push_back({std::to_string(evaluation.step), evaluation.name});
        for (const std::string& name : metrics) {
            const auto found = evaluation.metrics.find(name);
            rows.back().push_back(found == evaluation.metrics.end() ? "–" : shortNumber(found->second));
        }
    }
    if (!rows.empty()) std::printf("\n%s", formatTable(head, rows, 1, terminalWidth(STDOUT_FILENO)).c_str());
}

void printRest(StoreReader& reader, const RunRow& row) {
    const RowId run = row.id;
    std::string absent = " (removed)";
    if (const auto job = reader.job(run); job && isRemoteRun(row.directory))
        absent = " (on " + printable(job->machine) + ": retort-cli fetch)";
    std::vector<std::vector<std::string>> rows;
    for (const CheckpointRow& checkpoint : reader.checkpoints(run))
        rows.push_back(
            {std::to_string(checkpoint.step), checkpoint.path + (checkpoint.exists ? "" : absent)});
    if (!rows.empty()) std::printf("\n%s", formatTable({"step", "checkpoint"}, rows).c_str());
    rows.clear();
    for (const AlarmRow& alarm : reader.alarms(run))
        rows.push_back({std::to_string(alarm.step), alarm.severity, printable(alarm.text)});
    if (!rows.empty()) std::printf("\n%s", formatTable({"step", "alarm", ""}, rows).c_str());
    rows.clear();
    for (const MessageEvent& message : reader.messages(run))
        if (message.level != "info") rows.push_back({message.level, printable(message.text)});
    if (!rows.empty()) std::printf("\n%s", formatTable({"message", ""}, rows).c_str());
    TraceFilter filter;
    filter.run = run;
    if (const std::int64_t traces = reader.countTraces(filter))
        std::printf("\n%lld traces (retort-cli export --what traces)\n", static_cast<long long>(traces));
}

Json detailsJson(StoreReader& reader, const RunRow& run) {
    Json json = toJson(run);
    json["series"] = Json::array();
    for (const SeriesRow& series : reader.series(run.id))
        json["series"].push_back({{"name", series.name},
                                  {"count", series.count},
                                  {"first_step", series.firstStep},
                                  {"last_step", series.lastStep},
                                  {"last_value", numberJson(series.lastValue)}});
    json["checkpoints"] = Json::array();
    for (const CheckpointRow& each : reader.checkpoints(run.id))
        json["checkpoints"].push_back({{"step", each.step}, {"path", each.path}, {"exists", each.exists}});
    json["evaluations"] = Json::array();
    for (const EvaluationRow& each : reader.evaluations(run.id))
        json["evaluations"].push_back(
            {{"step", each.step}, {"name", each.name}, {"metrics", mapJson(each.metrics)}});
    json["alarm_list"] = Json::array();
    for (const AlarmRow& each : reader.alarms(run.id))
        json["alarm_list"].push_back(
            {{"step", each.step}, {"rule", each.rule}, {"severity", each.severity}, {"text", each.text}});
    json["config"] = run.config;
    return json;
}

}  // namespace

int runRuns(Context& context) {
    refresh(context);
    StoreReader reader = context.reader();
    const std::vector<RunRow> runs = reader.runs(context.arguments().has("--archived"));
    if (context.json()) {
        Json list = Json::array();
        for (const RunRow& run : runs) list.push_back(toJson(run));
        std::puts(dumped(list, 2).c_str());
        return exitOk;
    }
    std::vector<std::vector<std::string>> rows;
    for (const RunRow& run : runs)
        rows.push_back({run.uuid.substr(0, 8), printable(run.name), run.recipe, run.state, stepText(run),
                        shortNumber(latest(run, {"loss", "train/loss"})),
                        shortNumber(latest(run, {"reward", "train/reward"})), localTime(dateOf(run)),
                        printable(joined(run.tags))});
    std::vector<std::string> head = {"id",   "name",   "recipe",  "state", "step",
                                     "loss", "reward", "created", "tags"};
    if (std::all_of(rows.begin(), rows.end(), [](const auto& row) { return row.back().empty(); })) {
        head.pop_back();
        for (auto& row : rows) row.pop_back();
    }
    if (rows.empty())
        context.note("no runs yet");
    else
        std::fputs(formatTable(head, std::move(rows), 1, terminalWidth(STDOUT_FILENO)).c_str(), stdout);
    return exitOk;
}

int runShow(Context& context) {
    refresh(context);
    StoreReader reader = context.reader();
    const RunRow run = context.findRun(reader, context.arguments().positional(0));
    if (context.json()) {
        std::puts(dumped(detailsJson(reader, run), 2).c_str());
        return exitOk;
    }
    printRun(run);
    printSeries(reader, run.id);
    printEvaluations(reader, run.id);
    printRest(reader, run);
    return exitOk;
}

}  // namespace retort::cli
