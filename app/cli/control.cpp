// retort-cli stop, pause, continue, checkpoint: requests to a running trainer.
#include "core/runlog/control.h"

#include <algorithm>

#include "app/cli/context.h"
#include "app/cli/remote_program.h"
#include "core/machines/remote_run.h"
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

}  // namespace retort::cli
