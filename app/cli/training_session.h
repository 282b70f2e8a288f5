// Training of a run directory, watched: the log is followed for the display while it is
// trained, and Ctrl+C becomes a stop request.
#pragma once

#include "app/cli/progress.h"
#include "core/config/launch.h"
#include "core/runlog/run_directory.h"
#include "core/store/store.h"
#include "training/api/training_module.h"

namespace retort::cli {

struct SessionResult {
    TrainOutcome outcome = TrainOutcome::Finished;
    bool interrupted = false;  ///< by Ctrl+C
};

struct NewRun {
    RunDirectory directory;
    RowId id = 0;
};

/// Makes a run's directory and tells the store of it; when the store refuses, no directory is left behind.
NewRun beginRun(StoreWriter& store, const PreparedRun& prepared, const std::filesystem::path& root,
                const std::string& backend);

/// A trainer that cannot even be loaded should leave no run behind. A command needs none, and is started once:
/// throws Error for more processes.
void loadTrainerFor(const std::string& recipe, int processes = 1);

/// In this process, or by as many local ranks (local_ranks.h) where there are more. Throws what the training
/// throws; the run's log holds the error by then.
SessionResult trainWatched(const RunDirectory& run, bool resume, Progress& progress, int processes = 1);

/// As above, while the store takes in the log; returns when all of it is there.
SessionResult trainIntoStore(StoreWriter& store, RowId id, const RunDirectory& run, bool resume,
                             Progress& progress, int processes = 1);

/// What the process says with its exit status.
int exitStatusOf(const SessionResult& result);

}  // namespace retort::cli
