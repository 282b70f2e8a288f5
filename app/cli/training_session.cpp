#include "app/cli/training_session.h"

#include <chrono>
#include <stop_token>
#include <thread>

#include "app/cli/command.h"
#include "app/cli/interrupt.h"
#include "app/cli/local_ranks.h"
#include "app/cli/priority_watch.h"
#include "core/runlog/follower.h"
#include "core/util/error.h"
#include "training/api/parallel_launch.h"
#include "training/external/external_trainer.h"

namespace retort::cli {
namespace {

// Follows the log in its own thread until it is told that the training is over, and then to the log's end.
class Watcher {
  public:
    Watcher(const RunDirectory& run, Progress& progress, std::stop_source training)
        : m_follower(run.eventsFile()), m_progress(progress), m_training(std::move(training)) {
        skipToEnd();
        m_thread = std::jthread([this](std::stop_token over) { watch(over); });
    }

  private:
    // What an earlier attempt said is not shown again.
    void skipToEnd() {
        FollowerBatch batch;
        do {
            batch = m_follower.read(m_offset, m_lastSeq);
            m_offset = batch.offset;
            m_lastSeq = batch.lastSeq;
        } while (!batch.atEnd);
    }

    void watch(const std::stop_token& over) {
        bool told = false;
        while (true) {
            const bool last = over.stop_requested();
            showNew();
            if (last) return;
            if (InterruptGuard::isAsked() && !told) {
                told = true;
                m_training.request_stop();
                m_progress.line("stopping after this step, with a checkpoint; Ctrl+C again ends at once");
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
    }

    void showNew() {
        try {
            FollowerBatch batch;
            do {
                batch = m_follower.read(m_offset, m_lastSeq);
                m_offset = batch.offset;
                m_lastSeq = batch.lastSeq;
                for (const Event& event : batch.events) m_progress.show(event);
            } while (!batch.atEnd);
            m_progress.draw();
        } catch (const Error& error) {
            if (!m_complained) m_progress.line(error.what());
            m_complained = true;
        }
    }

    RunLogFollower m_follower;
    Progress& m_progress;
    std::stop_source m_training;
    std::int64_t m_offset = 0, m_lastSeq = 0;
    bool m_complained = false;
    std::jthread m_thread;  // last: it ends before what it uses
};

}  // namespace

NewRun beginRun(StoreWriter& store, const PreparedRun& prepared, const std::filesystem::path& root,
                const std::string& backend) {
    const RunDirectory run = createRun(prepared, root, "retort-cli " RETORT_VERSION);
    try {
        return {run, store.addRun(run, backend).get()};
    } catch (const Error&) {
        std::error_code ignored;
        std::filesystem::remove_all(run.path(), ignored);
        std::filesystem::remove(root, ignored);  // only where it is empty
        throw;
    }
}

void loadTrainerFor(const std::string& recipe, int processes) {
    if (recipe != externalRecipe)
        loadTrainingModule();
    else if (processes > 1)
        throw Error("a command is started once", "--processes", "let the command itself call torchrun");
}

namespace {

TrainOutcome train(const RunDirectory& run, bool resume, int processes, const std::stop_token& stop) {
    if (run.identity().recipe == externalRecipe) return trainExternally(run, resume, stop);
    if (processes > 1) return trainByLocalRanks(run, resume, processes, stop);
    return loadTrainingModule().train(run, resume, stop);
}

}  // namespace

SessionResult trainWatched(const RunDirectory& run, bool resume, Progress& progress, int processes) {
    const InterruptGuard guard;
    loadTrainerFor(run.identity().recipe, processes);
    SessionResult result;
    {
        std::stop_source training;
        const Watcher watcher(run, progress, training);
        // A command is one process's, whatever started that; ranks of this program's own are their parent's.
        const bool isFirst = run.identity().recipe == externalRecipe || parallelLaunch().rank == 0;
        const PriorityWatch priority(run, isFirst && !isLocalRank());
        result.outcome = train(run, resume, processes, training.get_token());
    }
    progress.finish();
    result.interrupted = InterruptGuard::isAsked();
    return result;
}

SessionResult trainIntoStore(StoreWriter& store, RowId id, const RunDirectory& run, bool resume,
                             Progress& progress, int processes) {
    store.follow(id);
    try {
        const SessionResult result = trainWatched(run, resume, progress, processes);
        store.unfollow(id);
        store.ingest(id).get();
        return result;
    } catch (const Error& error) {
        store.unfollow(id);
        store.ingest(id).get();
        store.setState(id, "failed", error.what()).get();
        throw;
    }
}

int exitStatusOf(const SessionResult& result) {
    return result.outcome == TrainOutcome::Stopped && result.interrupted ? exitInterrupted : exitOk;
}

}  // namespace retort::cli
