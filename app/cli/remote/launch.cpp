// retort-cli launch, follow, fetch, and the requests to runs on machines.
#include <QTimer>
#include <algorithm>
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/remote/event_loop.h"
#include "app/cli/remote/remote_functions.h"
#include "app/cli/remote/slurm_functions.h"
#include "app/cli/remote/slurm_options.h"
#include "app/cli/training_session.h"
#include "core/config/parallel_recipes.h"
#include "core/machines/remote_run.h"
#include "core/runlog/follower.h"
#include "core/runlog/placement.h"
#include "core/runlog/priority.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/remote/ssh_backend.h"
#include "training/backends/run_outcome.h"
#include "training/backends/run_settling.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

constexpr int showIntervalMs = 100;
constexpr std::ptrdiff_t mostLinesBefore = 5;

RemoteRun remoteOf(const RunDirectory& run) {
    const auto remote = readRemoteRun(run.path());
    if (!remote) throw Error("this run is not on another machine", run.path().string());
    return *remote;
}

/// Shows the mirror's log as it grows.
class Display {
  public:
    Display(const RunDirectory& run, const Context& context)
        : m_follower(run.eventsFile()),
          m_progress(Progress::styleFor(context.json(), context.quiet()), run.identity().name) {}

    void show() {
        do {
            m_batch = m_follower.read(m_batch.offset, m_batch.lastSeq);
            for (const Event& event : m_batch.events) m_progress.show(event);
        } while (!m_batch.atEnd);
        m_progress.draw();
    }
    /// What was told before somebody looked: of what says a line, only the last ones.
    void catchUp() {
        std::vector<Event> events;
        do {
            m_batch = m_follower.read(m_batch.offset, m_batch.lastSeq);
            events.insert(events.end(), m_batch.events.begin(), m_batch.events.end());
        } while (!m_batch.atEnd);
        const auto isLine = [](const Event& event) {
            return std::holds_alternative<EvaluationEvent>(event.payload) ||
                   std::holds_alternative<MessageEvent>(event.payload);
        };
        std::ptrdiff_t earlier = std::count_if(events.begin(), events.end(), isLine) - mostLinesBefore;
        if (earlier > 0)
            m_progress.line("… " + std::to_string(earlier) + " lines before, in retort-cli show");
        for (const Event& event : events)
            if (!isLine(event) || earlier-- <= 0) m_progress.show(event);
    }
    void line(const std::string& text) { m_progress.line(text); }
    void finish() { m_progress.finish(); }

  private:
    RunLogFollower m_follower;
    FollowerBatch m_batch;
    Progress m_progress;
};

/// To the run's end, or until Ctrl+C. `error` is what the end was; false: it goes on.
bool followToEnd(SshBackend& backend, const RunDirectory& run, Display& display, std::string& error) {
    const QString directory = QString::fromStdString(run.path().string());
    bool isOver = !backend.adopt(directory);
    QEventLoop events;
    QObject::connect(&backend, &Backend::ended, &events, [&](const QString& ended, const QString& text) {
        if (ended != directory) return;
        error = text.toStdString();
        isOver = true;
        events.quit();
    });
    QObject::connect(
        &backend, &SshBackend::connectionChanged, &events, [&](bool connected, const QString& problem) {
            display.line(connected ? "connected" : "not connected, trying again: " + problem.toStdString());
        });
    const InterruptGuard guard;
    QTimer timer;
    QObject::connect(&timer, &QTimer::timeout, &events, [&] {
        display.show();
        if (InterruptGuard::isAsked()) events.quit();
    });
    timer.start(showIntervalMs);
    if (!isOver) events.exec();
    display.show();
    display.finish();
    return isOver;
}

int follow(Context& context, StoreWriter& store, RowId id, const RunDirectory& run, const Machine& machine) {
    SshBackend backend(machine);
    Display display(run, context);
    if (!context.json()) display.catchUp();
    store.follow(id);
    std::string error;
    if (!followToEnd(backend, run, display, error)) {
        store.unfollow(id);
        store.ingest(id).get();
        context.note("the run goes on there; retort-cli follow " + run.identity().id.substr(0, 8));
        return exitInterrupted;
    }
    store.unfollow(id);
    StoreReader reader(store.file());
    settleRun(store, reader, id, error);
    const auto end = endOfLastAttempt(run);
    if (!error.empty() || (end && end->outcome == "failed"))
        throw Error(error.empty() ? end->error : error, machine.name + ":" + remoteOf(run).directory);
    if (!context.json()) context.note(run.identity().name + ": " + (end ? end->outcome : "ended"));
    return exitOk;
}

}  // namespace

int runLaunch(Context& context) {
    const EventLoop loop;
    const std::string name = context.arguments().text("--machine");
    if (name.empty())
        throw Error("--machine is missing", "launch", "retort-cli machines list says which there are");
    const Machine machine = context.reader().machine(name);
    if (machine.scheduler == Scheduler::Slurm) return runSlurmSubmit(context);
    if (asksOfSlurm(context)) throw Error("the machine has no Slurm, of which something is asked", name);
    const fs::path file = context.arguments().positional(0);
    const PreparedRun prepared =
        prepareRun(parseConfig(readFile(file, 4u << 20), file.string(), context.arguments().all("--set")),
                   fs::absolute(file).parent_path(), context.runFinder());
    const std::int64_t processes = context.arguments().integer("--processes", 1);
    checkProcesses(processes);
    requireParallelRecipe(prepared.config, int(processes));

    StoreReader reader = context.reader();
    const Secrets secrets = readSecrets(machine.name, secretNames(reader, machine.name));
    // A machine that cannot be reached should leave no run behind.
    const std::unique_ptr<Shell> shell = Shell::ssh(machine);
    WorkPlace place = openWorkPlace(*shell, machine);
    place.say = [&context](const std::string& text) { context.note(text); };
    place.stop = [] { return InterruptGuard::isAsked(); };
    const std::unique_ptr<StoreWriter> store = openStore(context);
    const auto [run, id] =
        beginRun(*store, prepared, context.runsFolder(), SshBackend::idOf(machine.name).toStdString());
    try {
        const InterruptGuard guard;
        if (processes > 1) writePlacement(run.path(), {int(processes)});
        const RemoteRun remote = launchThere(place, run, false, secrets);
        JobRow job;
        job.run = id;
        job.machine = machine.name;
        job.directory = remote.directory;
        store->saveJob(job).get();
    } catch (const Error& error) {
        store->setState(id, "failed", error.what()).get();
        throw;
    }
    if (context.json() && !context.arguments().has("--follow"))
        std::printf("%s\n",
                    Json{{"id", run.identity().id}, {"directory", run.path().string()}}.dump().c_str());
    else
        context.note(run.identity().name + " " + run.identity().id.substr(0, 8) + ": trains on " +
                     machine.name);
    return context.arguments().has("--follow") ? follow(context, *store, id, run, machine) : int(exitOk);
}

int runFollow(Context& context) {
    const EventLoop loop;
    const RunDirectory run = context.runDirectory(context.arguments().positional(0));
    const Machine machine = context.reader().machine(remoteOf(run).machine);
    const std::unique_ptr<StoreWriter> store = openStore(context);
    const RowId id = store->addRun(run, SshBackend::idOf(machine.name).toStdString()).get();
    return follow(context, *store, id, run, machine);
}

int runFetch(Context& context) {
    const EventLoop loop;
    const RunDirectory run = context.runDirectory(context.arguments().positional(0));
    const Machine machine = context.reader().machine(remoteOf(run).machine);
    const std::unique_ptr<Shell> shell = Shell::ssh(machine);
    WorkPlace place = openWorkPlace(*shell, machine);
    place.say = [&context](const std::string& text) { context.note(text); };
    const std::vector<std::int64_t> steps = checkpointStepsThere(place, remoteOf(run));
    if (steps.empty())
        throw Error("the run has no checkpoint yet", machine.name + ":" + remoteOf(run).directory);
    const std::int64_t step = context.arguments().integer("--step", steps.back());
    if (std::find(steps.begin(), steps.end(), step) == steps.end()) {
        std::string known;
        for (const std::int64_t each : steps) known += (known.empty() ? "" : ", ") + std::to_string(each);
        throw Error("there is no checkpoint of step " + std::to_string(step) + " (there are: " + known + ")",
                    machine.name + ":" + remoteOf(run).directory);
    }
    fetchCheckpoint(place, run, step);
    std::puts(run.checkpointFolder(step).c_str());
    return exitOk;
}

namespace {

void prioritise(const Context& context, const RunDirectory& run, const RemoteRun& remote, int nice) {
    // For whoever follows it from here, and for its next attempt.
    askPriority(run.path(), nice);
    if (remote.ended || remote.directory.empty()) return context.note("it holds when the run goes on");
    const std::unique_ptr<Shell> shell = Shell::ssh(context.reader().machine(remote.machine));
    const auto state = prioritiseThere(*shell, remote, nice);
    if (state && !state->problem.empty())
        throw Error(state->problem, remote.machine + ":" + remote.directory);
    context.note(state ? "it runs at nice " + std::to_string(state->nice)
                       : "no trainer has answered there; it holds as soon as one does");
}

}  // namespace

int runAskRun(Context& context) {
    const EventLoop loop;
    const RunDirectory run = RunDirectory::open(context.arguments().positional(0));
    const std::string request = context.arguments().positional(1);
    if (request == "priority" && hasOpenJob(run.path()))
        return prioritiseJob(context, run, niceFrom(context.arguments().positional(2))), exitOk;
    const RemoteRun remote = remoteOf(run);
    if (request == "priority")
        return prioritise(context, run, remote, niceFrom(context.arguments().positional(2))), exitOk;
    if (remote.ended) throw Error("this run is not running", run.path().string());
    const std::unique_ptr<Shell> shell = Shell::ssh(context.reader().machine(remote.machine));
    if (request == "stop") {
        requestThere(*shell, remote, Request::Pause, false);  // a run that waits should end, not wait on
        requestThere(*shell, remote, Request::Stop, true);
        context.note("it stops after the current step; retort-cli follow brings its end");
    } else if (request == "pause" || request == "continue") {
        requestThere(*shell, remote, Request::Pause, request == "pause");
        context.note(request == "pause" ? "it waits after the current step; retort-cli continue lets it go on"
                                        : "it goes on");
    } else if (request == "checkpoint") {
        requestThere(*shell, remote, Request::Checkpoint, true);
        context.note("it writes a checkpoint after the current step");
    } else {
        throw Error("there is no request '" + request + "'");
    }
    return exitOk;
}

}  // namespace retort::cli
