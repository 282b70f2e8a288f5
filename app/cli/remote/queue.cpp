// retort-cli queue list, add, move, hold, release, retry, remove, limits.
#include <algorithm>
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/remote/event_loop.h"
#include "app/cli/remote/queue_functions.h"
#include "app/cli/remote/slurm_options.h"
#include "app/cli/table.h"
#include "core/config/parallel_recipes.h"
#include "core/queue/queue_limits.h"
#include "core/queue/waiting_runs.h"
#include "core/runlog/control.h"
#include "core/runlog/placement.h"
#include "core/util/clock.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/backends/queue/queue_lock.h"
#include "training/backends/queue/queue_snapshot.h"
#include "training/backends/remote/ssh_backend.h"
#include "training/backends/slurm/slurm_backend.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

std::string backendOn(StoreReader& reader, const std::string& machine) {
    if (machine.empty()) return "local-process";
    const bool hasSlurm = reader.machine(machine).scheduler == Scheduler::Slurm;
    return (hasSlurm ? SlurmBackend::idOf(machine) : SshBackend::idOf(machine)).toStdString();
}

/// In the queue, by name or id.
RowId queuedRun(const Context& context, StoreReader& reader, const std::string& nameOrId) {
    const RunRow run = context.findRun(reader, nameOrId);
    for (const QueuedRun& each : reader.queuedRuns())
        if (each.run == run.id) return run.id;
    throw Error("the run is not in the queue", nameOrId, "retort-cli queue list");
}

/// Every run of the line, or none.
std::vector<RowId> queuedRuns(const Context& context, StoreReader& reader) {
    std::vector<RowId> runs;
    for (const std::string& each : context.arguments().positionals())
        runs.push_back(queuedRun(context, reader, each));
    return runs;
}

bool isUnderWay(const RunRow& run) {
    return run.state == "running" || run.state == "paused";
}

/// A run that is there already, from its last checkpoint on.
RowId addAgain(const Context& context, StoreWriter& store, StoreReader& reader, const std::string& nameOrId,
               const QueueRequest& request) {
    const RunRow run = context.findRun(reader, nameOrId);
    if (isUnderWay(run) || RunDirectory::open(run.directory).isRunning())
        throw Error("this run is running", nameOrId);
    const ParsedConfig parsed = parseConfig(run.config, run.name);
    if (!parsed.problems.empty())  // of another program, imported
        throw Error("this run was not made to be trained here", nameOrId);
    if (!request.overrides.empty())
        throw Error("what a run was made with cannot be changed", nameOrId, "leave --set out");
    if (context.arguments().has("--processes")) {
        requireParallelRecipe(parsed.config, request.processes);
        writePlacement(run.directory, {request.processes});
    }
    QueuedRun entry;
    entry.run = run.id;
    entry.backend = context.arguments().has("--machine") || run.backend.empty() || run.backend == "cli"
                        ? request.backend
                        : run.backend;
    entry.after = request.after;
    entry.retries = request.retries;
    entry.isHeld = request.isHeld;
    for (const NamedRun& named : runsNamedBy(reader, run.config)) entry.after.push_back(named.run);
    entry.gpus = gpusOf(parsed.config, readPlacement(run.directory).processes);
    withdrawLeftOver(run.directory);
    store.queueRuns({entry}).get();
    return run.id;
}

/// This computer's GPUs are counted; of other machines a list waits for none.
QueueReading readWithAnswers(StoreReader& reader) {
    std::map<std::string, GpuCount> known;
    for (const auto& [backend, machine] : readQueue(reader, {}).toAsk) {
        known[backend] = machine.isLocal() ? askMachine(machine, {}) : GpuCount{};
        known[backend].machine = machine;
        known[backend].time = unixTime();
    }
    return readQueue(reader, known);
}

std::string stateText(const QueuedRun& run) {
    return run.state == QueuedState::Waiting && run.isHeld ? "held" : toString(run.state);
}

std::string detailText(const QueueReading& reading, const QueuedRun& run, bool isWorkedOff) {
    for (const QueueStart& start : reading.starts) {
        if (start.run != run.run) continue;
        const std::string request = reading.snapshot.requestText(run.run).toStdString();
        return (isWorkedOff ? "starts now" : "nobody works the queue off: retort-cli queue run") +
               (request.empty() ? "" : "; " + request);
    }
    return reading.snapshot.detailOf(run).toStdString();
}

}  // namespace

int runQueueList(Context& context) {
    const EventLoop loop;
    StoreReader reader = context.reader();
    const QueueReading reading = readWithAnswers(reader);
    const bool isWorkedOff = QueueLock::isHeld(context.storeFile());
    std::vector<std::vector<std::string>> rows;
    Json all = Json::array();
    for (const QueuedRun& each : reading.snapshot.queue) {
        const RunPlace& run = reading.snapshot.runs.at(each.run);
        const std::string detail = detailText(reading, each, isWorkedOff);
        rows.push_back({std::to_string(each.position), run.uuid.substr(0, 8), printable(run.name),
                        each.backend, stateText(each), printable(detail.substr(0, detail.find('\n')))});
        Json after = Json::array();
        for (const RowId before : each.after) after.push_back(reading.snapshot.runs.at(before).uuid);
        Json json = {{"place", each.position},  {"id", run.uuid},
                     {"name", run.name},        {"study", run.study},
                     {"backend", each.backend}, {"state", stateText(each)},
                     {"retries", each.retries}, {"attempts", each.attempts},
                     {"after", after},          {"detail", detail}};
        if (!each.onGpus.empty()) json["gpus"] = each.onGpus;
        if (const auto asked = reading.snapshot.requests.find(each.run);
            asked != reading.snapshot.requests.end())
            json["request"] = toJson(asked->second);
        all.push_back(std::move(json));
    }
    if (context.json())
        std::puts(all.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    else if (rows.empty())
        context.note("nothing waits; retort-cli queue add CONFIG");
    else
        std::fputs(
            formatTable({"", "id", "run", "where", "state", "waits for, or why it failed"}, rows).c_str(),
            stdout);
    return exitOk;
}

int runQueueAdd(Context& context) {
    const EventLoop loop;
    const Arguments& arguments = context.arguments();
    const std::unique_ptr<StoreWriter> store = openStore(context);
    StoreReader reader = context.reader();
    QueueRequest request;
    request.backend = backendOn(reader, arguments.text("--machine"));
    request.overrides = arguments.all("--set");
    request.retries = int(arguments.integer("--retries", 0));
    if (request.retries < 0 || request.retries > 99) throw Error("--retries is a number from 0 to 99");
    checkProcesses(arguments.integer("--processes", 1));
    request.processes = int(arguments.integer("--processes", 1));
    if (request.processes > 1 && request.backend.starts_with("slurm:"))
        throw Error("jobs of Slurm have tasks in place of processes", "--processes",
                    "retort-cli slurm submit CONFIG --tasks-per-node N");
    const bool isAsked = asksOfSlurm(context);
    if (isAsked && request.backend.rfind("slurm:", 0) != 0)
        throw Error("something is asked of Slurm, and the run is not to go there", request.backend,
                    "name a machine that has it: --machine NAME");
    std::optional<SlurmRequest> asked;
    if (isAsked) asked = slurmRequestOfLine(context, arguments.text("--machine"));
    // A window may start it as soon as it waits, and what is asked has to be there by then.
    request.isHeld = arguments.has("--held") || asked;
    request.program = "retort-cli " RETORT_VERSION;
    for (const std::string& each : arguments.all("--after"))
        request.after.push_back(context.findRun(reader, each).id);
    const std::string what = arguments.positional(0);
    std::error_code code;
    std::vector<RowId> runs;
    if (fs::is_directory(what, code) && !fs::exists(fs::path(what) / "run.json", code)) {
        request.stages = readStudy(what).stages;
        request.base = fs::absolute(what);
        runs = queueRuns(*store, reader, request, context.runsFolder());
    } else if (fs::is_regular_file(what, code)) {
        request.stages = {{"", what, readFile(what, 4u << 20)}};
        request.base = fs::absolute(what).parent_path();
        runs = queueRuns(*store, reader, request, context.runsFolder());
    } else {
        runs = {addAgain(context, *store, reader, what, request)};
    }
    if (asked) {
        for (const RowId id : runs)
            prepareSlurmRun(reader.run(id)->directory, arguments.text("--machine"), *asked);
        if (!arguments.has("--held")) store->holdQueuedRuns(runs, false).get();
    }
    if (arguments.has("--first"))
        for (std::size_t i = 0; i < runs.size(); ++i) store->moveQueuedRun(runs[i], int(i) + 1).get();
    Json all = Json::array();
    for (const RowId id : runs) {
        const RunRow run = *reader.run(id);
        all.push_back({{"id", run.uuid}, {"name", run.name}, {"directory", run.directory}});
        context.note(run.name + " " + run.uuid.substr(0, 8) + ": waits");
    }
    if (context.json()) std::puts(all.dump(2, ' ', false, Json::error_handler_t::replace).c_str());
    if (!QueueLock::isHeld(context.storeFile()))
        context.note("an open window works the queue off, or: retort-cli queue run");
    return exitOk;
}

int runQueueMove(Context& context) {
    StoreReader reader = context.reader();
    const RowId run = queuedRun(context, reader, context.arguments().positional(0));
    const std::string place = context.arguments().positional(1);
    if (place.empty() || place.size() > 6 || place.find_first_not_of("0123456789") != std::string::npos)
        throw Error("PLACE is a number; 1 is the first", place);
    openStore(context)->moveQueuedRun(run, std::stoi(place)).get();
    return exitOk;
}

int runQueueHold(Context& context) {
    StoreReader reader = context.reader();
    openStore(context)->holdQueuedRuns(queuedRuns(context, reader), true).get();
    return exitOk;
}

int runQueueRelease(Context& context) {
    StoreReader reader = context.reader();
    openStore(context)->holdQueuedRuns(queuedRuns(context, reader), false).get();
    return exitOk;
}

int runQueueRetry(Context& context) {
    StoreReader reader = context.reader();
    const std::vector<RowId> runs = queuedRuns(context, reader);
    for (const QueuedRun& each : reader.queuedRuns())
        if (std::find(runs.begin(), runs.end(), each.run) != runs.end() &&
            (each.problem.empty() || each.state == QueuedState::Started))
            throw Error("the run did not fail", reader.run(each.run)->name);
    openStore(context)->retryQueuedRuns(runs).get();
    return exitOk;
}

int runQueueRemove(Context& context) {
    StoreReader reader = context.reader();
    const std::vector<RowId> runs = queuedRuns(context, reader);
    for (const QueuedRun& each : reader.queuedRuns())
        if (std::find(runs.begin(), runs.end(), each.run) != runs.end() && each.state == QueuedState::Started)
            throw Error("the run is going", reader.run(each.run)->name,
                        "retort-cli stop ends it, and takes it out of the queue");
    openStore(context)->unqueueRuns(runs).get();
    return exitOk;
}

int runQueueLimits(Context& context) {
    const std::unique_ptr<StoreWriter> store = openStore(context);
    QueueLimits limits = queueLimitsFrom(context.reader().setting(queueLimitsSetting).value_or(Json()));
    limits.runsAtOnce = int(context.arguments().integer("--at-once", limits.runsAtOnce));
    limits.runsPerGpu = int(context.arguments().integer("--per-gpu", limits.runsPerGpu));
    limits.retryPause = int(context.arguments().integer("--retry-pause", limits.retryPause));
    if (!(queueLimitsFrom(toJson(limits)) == limits))
        throw Error("--at-once is a number from 1 to 999, --per-gpu and --retry-pause one from 0 to 999");
    store->setSetting(queueLimitsSetting, toJson(limits)).get();
    if (context.json())
        std::puts(toJson(limits).dump().c_str());
    else
        std::printf("%d at once, %d a GPU, retries after %.0f s, %.0f s, and then %.0f s\n",
                    limits.runsAtOnce, limits.runsPerGpu, retryPauseSeconds(limits, 1),
                    retryPauseSeconds(limits, 2), retryPauseSeconds(limits, 3));
    return exitOk;
}

}  // namespace retort::cli
