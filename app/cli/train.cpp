// retort-cli train, resume, train-run.
#include <fcntl.h>
#include <spawn.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "app/cli/context.h"
#include "app/cli/table.h"
#include "app/cli/training_session.h"
#include "core/config/parallel_recipes.h"
#include "core/runlog/control.h"
#include "core/runlog/placement.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/api/parallel_launch.h"

extern char** environ;

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

PreparedRun prepare(const Context& context, const fs::path& file) {
    ParsedConfig parsed =
        parseConfig(readFile(file, 4u << 20), file.string(), context.arguments().all("--set"));
    return prepareRun(std::move(parsed), fs::absolute(file).parent_path(), context.runFinder());
}

struct SpawnActions {
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attributes;
    SpawnActions() {
        ::posix_spawn_file_actions_init(&files);
        ::posix_spawnattr_init(&attributes);
    }
    ~SpawnActions() {
        ::posix_spawnattr_destroy(&attributes);
        ::posix_spawn_file_actions_destroy(&files);
    }
};

// A session of its own, so that the terminal's end does not end it.
void spawnTrainer(const RunDirectory& run, int processes) {
    SpawnActions actions;
    ::posix_spawnattr_setflags(&actions.attributes, POSIX_SPAWN_SETSID);
    ::posix_spawn_file_actions_addopen(&actions.files, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&actions.files, 1, run.stdoutFile().c_str(),
                                       O_WRONLY | O_CREAT | O_APPEND, 0644);
    ::posix_spawn_file_actions_addopen(&actions.files, 2, run.stderrFile().c_str(),
                                       O_WRONLY | O_CREAT | O_APPEND, 0644);
    const std::string self = fs::read_symlink("/proc/self/exe").string();
    std::string words[] = {self, "train-run", run.path().string(), "--processes", std::to_string(processes)};
    std::vector<char*> values;
    for (std::string& word : words) values.push_back(word.data());
    values.push_back(nullptr);
    pid_t pid = 0;
    const int code =
        ::posix_spawn(&pid, self.c_str(), &actions.files, &actions.attributes, values.data(), environ);
    if (code != 0) throw Error(std::string("cannot start the trainer: ") + std::strerror(code), self);
}

/// Whoever started this left it a lock that says that it lives (training/backends/launch_lock.h): what it
/// starts itself must not keep that.
void keepLaunchLock() {
    const char* descriptor = std::getenv("RETORT_LAUNCH_LOCK");
    if (!descriptor) return;
    ::fcntl(std::atoi(descriptor), F_SETFD, FD_CLOEXEC);
    ::unsetenv("RETORT_LAUNCH_LOCK");
}

void announce(const Context& context, const RunDirectory& run, const char* what) {
    if (context.json())
        std::printf("%s\n",
                    Json{{"id", run.identity().id}, {"directory", run.path().string()}}.dump().c_str());
    else
        context.note(run.identity().name + " " + run.identity().id.substr(0, 8) + ": " + what + " in " +
                     run.path().string());
    std::fflush(stdout);
}

void conclude(const Context& context, const RunDirectory& run, const SessionResult& result) {
    if (context.json()) return;
    const bool finished = result.outcome == TrainOutcome::Finished;
    const std::string id = run.identity().id.substr(0, 8);
    context.note(run.identity().name + " " + id +
                 (finished ? ": finished" : ": stopped; retort-cli resume " + id));
}

/// Started as several ranks, each process would make or index the run for itself.
void requireOneProcess(const char* command, const char* instead) {
    const ParallelLaunch launch = parallelLaunch();
    if (!launch.isParallel()) return;
    throw Error(launch.launcher + " starts " + std::to_string(launch.size) +
                    " processes, and this command is one process's",
                std::string("retort-cli ") + command, instead);
}

int processesOf(const Context& context, int otherwise = 1) {
    const std::int64_t processes = context.arguments().integer("--processes", otherwise);
    checkProcesses(processes);
    return int(processes);
}

/// Two would train it otherwise: this program, and the one that works the queue off.
void refuseQueued(const Context& context, const RunDirectory& run) {
    StoreReader reader = context.reader();
    const auto row = reader.findRun(run.identity().id);
    for (const QueuedRun& each : reader.queuedRuns())
        if (row && each.run == row->id)
            throw Error(std::string("this run is in the queue: ") + toString(each.state), run.path().string(),
                        each.state == QueuedState::Started ? "retort-cli stop ends it"
                                                           : "retort-cli queue run starts it in its turn; "
                                                             "retort-cli queue remove takes it out");
}

int trainHere(const Context& context, StoreWriter& store, RowId id, const RunDirectory& run, bool resume,
              int processes) {
    Progress progress(Progress::styleFor(context.json(), context.quiet()), run.identity().name);
    const SessionResult result = trainIntoStore(store, id, run, resume, progress, processes);
    conclude(context, run, result);
    return exitStatusOf(result);
}

}  // namespace

int runTrain(Context& context) {
    requireOneProcess("train",
                      "make the run with retort-cli train CONFIG --prepare, and start retort-cli "
                      "train-run DIR in every process");
    const int processes = processesOf(context);
    const PreparedRun prepared = prepare(context, context.arguments().positional(0));
    const std::string out = context.arguments().text("--out");
    const std::unique_ptr<StoreWriter> store = openStore(context);
    const bool detached = context.arguments().has("--detach");
    if (context.arguments().has("--prepare")) {
        const auto [run, id] =
            beginRun(*store, prepared, out.empty() ? context.runsFolder() : fs::absolute(out), "cli");
        announce(context, run, "prepared");
        return exitOk;
    }
    requireParallelRecipe(prepared.config, processes);
    if (!detached) loadTrainerFor(prepared.config.recipe, processes);
    const auto [run, id] = beginRun(*store, prepared, out.empty() ? context.runsFolder() : fs::absolute(out),
                                    detached ? "local-process" : "cli");
    if (processes > 1) writePlacement(run.path(), {processes});
    if (detached) {
        spawnTrainer(run, processes);
        announce(context, run, "trains");
        return exitOk;
    }
    announce(context, run, "training");
    return trainHere(context, *store, id, run, false, processes);
}

int runResume(Context& context) {
    requireOneProcess("resume", "start retort-cli train-run DIR --resume in every process");
    const RunDirectory run = context.runDirectory(context.arguments().positional(0));
    if (run.isRunning()) throw Error("this run is running already", run.path().string());
    const int processes = processesOf(context, readPlacement(run.path()).processes);
    loadTrainerFor(run.identity().recipe, processes);
    if (processes != readPlacement(run.path()).processes) writePlacement(run.path(), {processes});
    const std::unique_ptr<StoreWriter> store = openStore(context);
    refuseQueued(context, run);
    withdrawLeftOver(run.path());
    const RowId id = store->addRun(run, "cli").get();
    announce(context, run, "resuming");
    return trainHere(context, *store, id, run, true, processes);
}

int runTrainRun(Context& context) {
    keepLaunchLock();
    const int processes = processesOf(context);
    if (processes > 1) requireOneProcess("train-run --processes", "leave --processes out");
    const RunDirectory run = RunDirectory::open(context.arguments().positional(0));
    // Of several ranks one shows what the log says.
    const bool shows = context.json() && parallelLaunch().rank == 0;
    Progress progress(shows ? Progress::Style::Json : Progress::Style::Quiet, run.identity().name);
    return exitStatusOf(trainWatched(run, context.arguments().has("--resume"), progress, processes));
}

}  // namespace retort::cli
