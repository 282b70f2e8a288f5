// retort-cli slurm script, submit, request, resume, follow.
#include <cstdio>
#include <functional>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/remote/event_loop.h"
#include "app/cli/remote/slurm_common.h"
#include "app/cli/remote/slurm_functions.h"
#include "app/cli/remote/slurm_options.h"
#include "app/cli/training_session.h"
#include "core/config/load.h"
#include "core/runlog/control.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/backends/machine_settings.h"
#include "training/backends/slurm/remembered_request.h"
#include "training/backends/slurm/slurm_backend.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

constexpr std::size_t longestScript = 1u << 20;

PreparedRun prepare(const Context& context, const fs::path& file) {
    return prepareRun(parseConfig(readFile(file, 4u << 20), file.string(), context.arguments().all("--set")),
                      fs::absolute(file).parent_path(), context.runFinder());
}

QString pathOf(const RunDirectory& run) {
    return QString::fromStdString(run.path().string());
}

/// What lists of jobs read.
void keepJob(StoreWriter& store, RowId id, const QString& run, const std::string& machine,
             const SlurmJob& job) {
    JobRow row;
    row.run = id;
    row.machine = machine;
    row.directory = run.toStdString();
    row.scheduler = "slurm";
    row.jobId = job.id;
    row.jobState = job.state;
    row.reason = job.reason;
    if (slurmPhase(job.state) == SlurmPhase::Waiting) row.expectedStart = job.start;
    store.saveJob(row).get();
}

std::string stateText(const SlurmJob& job) {
    return job.state + (job.reason.empty() ? "" : " (" + job.reason + ")");
}

/// What the log does not say of the end, as of a job that never began, is said here.
void settle(StoreWriter& store, RowId id, const std::string& error) {
    store.unfollow(id);
    store.ingest(id).get();
    const auto run = StoreReader(store.file()).run(id);
    if (error.empty() || !run ||
        (run->state != "created" && run->state != "running" && run->state != "paused"))
        return;
    store.setState(id, "failed", error).get();
}

/// Until all of them have ended; false: Ctrl+C.
bool followToEnd(const Context& context, SlurmBackend& backend, StoreWriter& store,
                 const std::map<QString, RowId>& runs, std::string& errors) {
    std::size_t left = runs.size();
    QObject::connect(&backend, &SlurmBackend::jobChanged, &backend, [&](const QString& run) {
        const auto job = backend.job(run);
        context.note(run.section(QLatin1Char('/'), -1).toStdString() + ": " + stateText(*job));
        // Another attempt after a requeue: the store looks away at an end.
        const auto found = runs.find(run);
        if (found == runs.end()) return;
        keepJob(store, found->second, run, backend.machine().name, *job);
        store.follow(found->second);
    });
    QObject::connect(&backend, &SlurmBackend::problem, &backend,
                     [&](const QString&, const QString& text) { context.note(text.toStdString()); });
    QObject::connect(&backend, &Backend::ended, &backend, [&](const QString& run, const QString& error) {
        if (!runs.contains(run)) return;
        --left;
        settle(store, runs.at(run), error.toStdString());
        if (!error.isEmpty()) errors += (errors.empty() ? "" : "\n") + error.toStdString();
    });
    for (const auto& [run, id] : runs) {
        store.follow(id);
        if (!backend.isRunning(run) && !backend.adopt(run)) --left;
    }
    if (left > 0) waitUntil([&] { return left == 0; });
    return left == 0;
}

int follow(const Context& context, SlurmBackend& backend, StoreWriter& store,
           const std::map<QString, RowId>& runs) {
    std::string errors;
    const InterruptGuard guard;
    if (!followToEnd(context, backend, store, runs, errors)) {
        context.note("the job goes on; retort-cli slurm follow RUN looks again");
        return exitInterrupted;
    }
    if (!errors.empty()) throw Error(errors, backend.machine().name);
    return exitOk;
}

/// Submits what `launch` starts, and says the jobs' numbers.
int submitAndSay(const Context& context, SlurmBackend& backend, StoreWriter& store,
                 const std::map<QString, RowId>& runs, const std::function<void()>& launch) {
    std::size_t submitted = 0;
    std::string refused;
    QObject::connect(
        &backend, &SlurmBackend::submitted, &backend, [&](const QString& run, const QString& job) {
            ++submitted;
            if (context.json())
                std::printf(
                    "%s\n",
                    Json{{"directory", run.toStdString()}, {"job", job.toStdString()}}.dump().c_str());
            else
                context.note("job " + job.toStdString() + ": " + run.toStdString());
            std::fflush(stdout);
        });
    QObject::connect(&backend, &SlurmBackend::progress, &backend,
                     [&](const QString&, const QString& text) { context.note(text.toStdString()); });
    const auto onEnd =
        QObject::connect(&backend, &Backend::ended, &backend, [&](const QString&, const QString& error) {
            ++submitted;
            if (submitted <= runs.size() && refused.empty()) refused = error.toStdString();
        });
    launch();
    waitUntil([&] { return submitted >= runs.size(); });
    QObject::disconnect(onEnd);
    if (!refused.empty()) {
        for (const auto& [run, id] : runs) store.setState(id, "failed", refused).get();
        throw Error(refused, backend.machine().name);
    }
    return context.arguments().has("--follow") ? follow(context, backend, store, runs) : int(exitOk);
}

}  // namespace

int runSlurmScript(Context& context) {
    const EventLoop loop;
    const Machine machine = slurmMachine(context, context.arguments().text("--machine"));
    const SlurmRequest request = slurmRequestOfLine(context, machine.name);
    const fs::path named = context.arguments().positional(0);
    SlurmScript script;
    if (fs::is_regular_file(named)) {
        const PreparedRun prepared = prepare(context, named);
        script = slurmScriptParts(machine, prepared.config.name, prepared.config.recipe);
    } else {
        const RunDirectory run = context.runDirectory(named.string());
        script = slurmScriptParts(machine, run.identity().name, run.identity().recipe);
    }
    std::fputs(sbatchScript(request, script).c_str(), stdout);
    return exitOk;
}

int runSlurmSubmit(Context& context) {
    const EventLoop loop;
    const Machine machine = slurmMachine(context, context.arguments().text("--machine"));
    const SlurmRequest request = slurmRequestOfLine(context, machine.name);
    const std::string edited = context.arguments().text("--script");
    const std::string script = edited.empty() ? "" : readFile(edited, longestScript);
    std::vector<PreparedRun> prepared;
    for (const std::string& file : context.arguments().positionals())
        prepared.push_back(prepare(context, file));
    if (!script.empty()) checkSlurmScript(script, std::int64_t(prepared.size()));

    const std::unique_ptr<StoreWriter> store = openStore(context);
    SlurmBackend backend(machine);
    useStore(backend, context.storeFile());
    context.note("asks for: " + requestText(request));
    QStringList directories;
    std::map<QString, RowId> runs;
    for (const PreparedRun& each : prepared) {
        const auto [run, id] = beginRun(*store, each, context.runsFolder(), backend.id().toStdString());
        prepareSlurmRun(run.path(), machine.name, request, directories.isEmpty() ? script : "");
        directories << pathOf(run);
        runs.emplace(pathOf(run), id);
    }
    return submitAndSay(context, backend, *store, runs, [&] {
        if (directories.size() == 1)
            backend.launch(directories.first(), false);
        else
            backend.launchArray(directories);
    });
}

int runSlurmRequest(Context& context) {
    const Machine machine = slurmMachine(context, context.arguments().text("--machine"));
    const SlurmRequest request = slurmRequestOfLine(context, machine.name);
    if (asksOfSlurm(context))
        openStore(context)->setSetting(slurmRequestSetting(machine.name), toJson(request)).get();
    std::puts(context.json() ? toJson(request).dump().c_str() : requestText(request).c_str());
    return exitOk;
}

int runSlurmResume(Context& context) {
    const EventLoop loop;
    const RunDirectory run = context.runDirectory(context.arguments().positional(0));
    SlurmRequest request = slurmNote(run).request;
    const Machine machine = slurmMachine(context, slurmNote(run).machine);
    const std::unique_ptr<StoreWriter> store = openStore(context);
    withdrawLeftOver(run.path());
    SlurmBackend backend(machine);
    useStore(backend, context.storeFile());
    if (const std::string time = context.arguments().text("--time"); !time.empty()) {
        request.timeLimit = time;
        prepareSlurmRun(run.path(), machine.name, request);
    }
    const std::map<QString, RowId> runs = {
        {pathOf(run), store->addRun(run, backend.id().toStdString()).get()}};
    return submitAndSay(context, backend, *store, runs, [&] { backend.launch(pathOf(run), true); });
}

int runSlurmFollow(Context& context) {
    const EventLoop loop;
    const RunDirectory run = context.runDirectory(context.arguments().positional(0));
    const std::unique_ptr<StoreWriter> store = openStore(context);
    SlurmBackend backend(slurmMachine(context, slurmNote(run).machine));
    return follow(context, backend, *store,
                  {{pathOf(run), store->addRun(run, backend.id().toStdString()).get()}});
}

}  // namespace retort::cli
