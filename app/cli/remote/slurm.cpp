// retort-cli slurm script, submit, request, queue, cancel, requeue, hold, release, follow.
#include <QTimer>
#include <cstdio>
#include <functional>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/remote/event_loop.h"
#include "app/cli/remote/slurm_functions.h"
#include "app/cli/remote/slurm_options.h"
#include "app/cli/table.h"
#include "app/cli/training_session.h"
#include "core/config/load.h"
#include "core/machines/remote_run.h"
#include "core/runlog/control.h"
#include "core/runlog/priority.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/backends/machine_settings.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/slurm/remembered_request.h"
#include "training/backends/slurm/slurm_backend.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

constexpr std::size_t longestScript = 1u << 20;
constexpr int lookIntervalMs = 100;

/// Of the store; without a name, this machine.
Machine machineNamed(const Context& context, const std::string& name) {
    if (name.empty() || name == thisSlurmMachine().name) return thisSlurmMachine();
    Machine machine = context.reader().machine(name);
    if (machine.scheduler != Scheduler::Slurm)
        throw Error(
            "the machine has no Slurm", name,
            "retort-cli launch runs there; or: retort-cli machines edit " + name + " --scheduler slurm");
    return machine;
}

SlurmNote noteOf(const RunDirectory& run) {
    const auto note = readSlurmNote(run.path());
    if (!note) throw Error("this run was not submitted to Slurm", run.path().string());
    return *note;
}

PreparedRun prepare(const Context& context, const fs::path& file) {
    return prepareRun(parseConfig(readFile(file, 4u << 20), file.string(), context.arguments().all("--set")),
                      fs::absolute(file).parent_path(), context.runFinder());
}

QString pathOf(const RunDirectory& run) {
    return QString::fromStdString(run.path().string());
}

/// Runs the loop until `isDone`, a failure of the backend for the run, or Ctrl+C.
void waitUntil(const std::function<bool()>& isDone) {
    QEventLoop events;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &events, [&] {
        if (isDone() || InterruptGuard::isAsked()) events.quit();
    });
    timer.start(lookIntervalMs);
    events.exec();
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

Json jobJson(const SlurmJob& job) {
    Json json = {{"job", job.id},
                 {"state", job.state},
                 {"reason", job.reason},
                 {"nodes", job.nodes},
                 {"name", job.name}};
    if (job.start) json["start"] = *job.start;
    if (job.end) json["end"] = *job.end;
    return json;
}

void act(Context& context, SlurmClient::Action action, const char* done) {
    const EventLoop loop;
    const RunDirectory run = context.runDirectory(context.arguments().positional(0));
    const SlurmNote note = noteOf(run);
    const Machine machine = machineNamed(context, note.machine);
    if (note.job.empty() || note.ended)
        throw Error("the run has no job in Slurm now", run.path().string(),
                    "retort-cli slurm resume submits it again");
    const std::unique_ptr<Shell> shell = Shell::ssh(machine);
    SlurmClient client(*shell, machine.environment);
    bool over = false;
    std::optional<Error> error;
    client.act(
        action, {note.job}, [&] { over = true; }, [&](const Error& failed) { error = failed; });
    waitUntil([&] { return over || error; });
    if (error) throw *error;
    context.note("job " + note.job + " " + done);
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

void prioritiseJob(Context& context, const RunDirectory& run, int nice) {
    const SlurmNote note = noteOf(run);
    const Machine machine = machineNamed(context, note.machine);
    askPriority(run.path(), nice);
    if (note.job.empty()) return context.note("it holds when the run begins");
    const std::unique_ptr<Shell> shell = Shell::ssh(machine);
    SlurmClient client(*shell, machine.environment);
    std::optional<std::vector<SlurmJob>> jobs;
    std::optional<Error> error;
    const auto failed = [&error](const Error& problem) { error = problem; };
    client.states(
        {note.job}, [&](const std::vector<SlurmJob>& found) { jobs = found; }, failed);
    waitUntil([&] { return jobs || error; });
    if (error) throw *error;
    if (!jobs || jobs->empty()) return context.note("it holds when the run goes on");
    if (slurmPhase(jobs->front().state) == SlurmPhase::Waiting) {
        bool over = false;
        client.setNice(
            {note.job}, slurmNiceOf(nice), [&] { over = true; }, failed);
        waitUntil([&] { return over || error; });
        if (error) throw *error;
        return context.note("job " + note.job + " waits with nice " + std::to_string(slurmNiceOf(nice)) +
                            "; its processes will run at nice " + std::to_string(nice));
    }
    const std::optional<RemoteRun> mirrored = readRemoteRun(run.path());
    const auto state = mirrored ? prioritiseThere(*shell, *mirrored, nice) : awaitPriority(run.path(), nice);
    if (state && !state->problem.empty()) throw Error(state->problem, run.path().string());
    context.note(state ? "it runs at nice " + std::to_string(state->nice)
                       : "no trainer has answered; it holds as soon as one does");
}

int runSlurmScript(Context& context) {
    const EventLoop loop;
    const Machine machine = machineNamed(context, context.arguments().text("--machine"));
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
    const Machine machine = machineNamed(context, context.arguments().text("--machine"));
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
    const Machine machine = machineNamed(context, context.arguments().text("--machine"));
    const SlurmRequest request = slurmRequestOfLine(context, machine.name);
    if (asksOfSlurm(context))
        openStore(context)->setSetting(slurmRequestSetting(machine.name), toJson(request)).get();
    std::puts(context.json() ? toJson(request).dump().c_str() : requestText(request).c_str());
    return exitOk;
}

int runSlurmResume(Context& context) {
    const EventLoop loop;
    const RunDirectory run = context.runDirectory(context.arguments().positional(0));
    SlurmRequest request = noteOf(run).request;
    const Machine machine = machineNamed(context, noteOf(run).machine);
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
    SlurmBackend backend(machineNamed(context, noteOf(run).machine));
    return follow(context, backend, *store,
                  {{pathOf(run), store->addRun(run, backend.id().toStdString()).get()}});
}

int runSlurmQueue(Context& context) {
    const EventLoop loop;
    const Machine machine = machineNamed(context, context.arguments().text("--machine"));
    const std::unique_ptr<Shell> shell = Shell::ssh(machine);
    SlurmClient client(*shell, machine.environment);
    std::optional<std::vector<SlurmJob>> jobs;
    std::optional<Error> error;
    client.mine([&](const std::vector<SlurmJob>& found) { jobs = found; },
                [&](const Error& failed) { error = failed; });
    waitUntil([&] { return jobs || error; });
    if (error) throw *error;
    if (!jobs) return exitInterrupted;
    std::vector<std::vector<std::string>> rows;
    for (const SlurmJob& job : *jobs) {
        if (context.json()) {
            Json json = jobJson(job);
            json["why"] = explainWaiting(job.reason);
            std::printf("%s\n", json.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
            continue;
        }
        rows.push_back({job.id, printable(job.name), job.state, job.start ? localTime(*job.start) : "",
                        printable(slurmPhase(job.state) == SlurmPhase::Waiting ? explainWaiting(job.reason)
                                                                               : job.nodes)});
    }
    if (!rows.empty())
        std::fputs(formatTable({"job", "name", "state", "start", "where, or why it waits"}, rows).c_str(),
                   stdout);
    if (rows.empty() && !context.json()) context.note("you have no jobs there");
    return exitOk;
}

int runSlurmCancel(Context& context) {
    return act(context, SlurmClient::Action::Cancel, "is told to save and stop"), exitOk;
}

int runSlurmRequeue(Context& context) {
    return act(context, SlurmClient::Action::Requeue, "goes back into the queue"), exitOk;
}

int runSlurmHold(Context& context) {
    return act(context, SlurmClient::Action::Hold, "is held"), exitOk;
}

int runSlurmRelease(Context& context) {
    return act(context, SlurmClient::Action::Release, "may begin"), exitOk;
}

}  // namespace retort::cli
