// retort-cli stop, pause, continue, checkpoint, priority: requests to a running trainer.
#include "core/runlog/control.h"

#include <algorithm>
#include <cstdio>

#include "app/cli/context.h"
#include "app/cli/remote_program.h"
#include "app/cli/table.h"
#include "core/machines/remote_run.h"
#include "core/runlog/priority.h"
#include "core/util/error.h"

namespace retort::cli {
namespace {

/// A run on another machine is asked there; this does not return for one.
void askElsewhere([[maybe_unused]] const Context& context, const RunDirectory& run) {
    if (!isRemoteRun(run.path())) return;
#ifdef RETORT_HAS_REMOTE
    becomeRemoteProgram(
        {"ask-run", run.path().string(), context.words().at(0), "--store", context.storeFile().string()});
#else
    throw Error("this run is on another machine", run.path().string(), "ask it there");
#endif
}

RunDirectory namedRun(const Context& context) {
    return context.runDirectory(context.arguments().positional(0));
}

enum class InQueue { No, TakenOut, IsStarted };

/// A run that waits there is taken out; one whose turn has come may not run yet.
InQueue takeOutOfQueue(const Context& context, const RunDirectory& run) {
    if (!std::filesystem::exists(context.storeFile())) return InQueue::No;
    StoreReader reader = context.reader();
    const auto row = reader.findRun(run.identity().id);
    const std::vector<QueuedRun> queue = reader.queuedRuns();
    const auto found = std::find_if(queue.begin(), queue.end(), [&](const QueuedRun& each) {
        return row && each.run == row->id && each.state != QueuedState::Failed;
    });
    if (found == queue.end()) return InQueue::No;
    const bool isOut = found->state == QueuedState::Waiting &&
                       !StoreWriter(context.storeFile()).unqueueRuns({row->id}).get().empty();
    return isOut ? InQueue::TakenOut : InQueue::IsStarted;
}

RunDirectory runningRun(const Context& context) {
    RunDirectory run = namedRun(context);
    askElsewhere(context, run);
    if (!run.isRunning())
        throw Error("this run is not running", run.path().string(), "retort-cli resume lets it go on");
    return run;
}

int sayPriority(const Context& context, const RunDirectory& run) {
    const auto state = readPriorityState(run.path());
    const auto asked = askedPriority(run.path());
    if (context.json()) {
        Json json = state ? toJson(*state) : Json::object();
        if (asked && state && state->asked != asked) json.erase("problem");  // of what was asked before
        if (asked) json["asked"] = *asked;
        std::printf("%s\n", json.dump().c_str());
        return exitOk;
    }
    const bool isKnown = state && (run.isRunning() || isRemoteRun(run.path()) || hasOpenJob(run.path()));
    if (isKnown) std::printf("nice %d\n", state->nice);
    if (isKnown && !state->problem.empty()) std::printf("%s\n", printable(state->problem).c_str());
    if (asked && !(isKnown && state->asked == asked)) std::printf("nice %d is asked for\n", *asked);
    if (!isKnown && !asked) context.note("none was chosen, and the run does not say which it has");
    return exitOk;
}

}  // namespace

int runStop(Context& context) {
    const RunDirectory run = namedRun(context);
    const InQueue queued = takeOutOfQueue(context, run);
    if (queued == InQueue::TakenOut) {
        context.note("it waits no more; retort-cli queue add puts it into the queue again");
        return exitOk;
    }
    if (queued == InQueue::No) runningRun(context);
    withdraw(run.path(), Request::Pause);  // a run that waits should end, not wait on
    ask(run.path(), Request::Stop);
    askElsewhere(context, run);
    context.note("it stops after the current step");
    return exitOk;
}

int runPause(Context& context) {
    ask(runningRun(context).path(), Request::Pause);
    context.note("it waits after the current step; retort-cli continue lets it go on");
    return exitOk;
}

int runContinue(Context& context) {
    withdraw(runningRun(context).path(), Request::Pause);
    context.note("it goes on");
    return exitOk;
}

int runCheckpoint(Context& context) {
    ask(runningRun(context).path(), Request::Checkpoint);
    context.note("it writes a checkpoint after the current step");
    return exitOk;
}

int runPriority(Context& context) {
    const RunDirectory run = namedRun(context);
    const auto& words = context.arguments().positionals();
    if (words.size() < 2) return sayPriority(context, run);
    const int nice = niceFrom(words[1]);
    if (isRemoteRun(run.path()) || hasOpenJob(run.path())) {
#ifdef RETORT_HAS_REMOTE
        becomeRemoteProgram({"ask-run", run.path().string(), "priority", std::to_string(nice), "--store",
                             context.storeFile().string()});
#else
        throw Error("this run is on another machine, or a job of Slurm", run.path().string(), "ask it there");
#endif
    }
    askPriority(run.path(), nice);
    if (!run.isRunning()) {
        context.note("it holds when the run begins");
        return exitOk;
    }
    const auto state = awaitPriority(run.path(), nice);
    if (!state)
        throw Error("the trainer does not answer", run.path().string(),
                    "a run in the window's own process has no priority of its own");
    if (!state->problem.empty()) throw Error(state->problem, run.path().string());
    context.note("it runs at nice " + std::to_string(state->nice));
    return exitOk;
}

}  // namespace retort::cli
