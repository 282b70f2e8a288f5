// Training of a run directory in this process, watched: the log is followed for the display while the module
// trains, and Ctrl+C becomes a stop request.
#pragma once

#include "app/cli/progress.h"
#include "core/runlog/run_directory.h"
#include "core/store/store.h"
#include "training/api/training_module.h"

namespace retort::cli {

struct SessionResult {
    TrainOutcome outcome = TrainOutcome::Finished;
    bool interrupted = false;  ///< by Ctrl+C
};

/// Throws what the training throws; the run's log holds the error by then.
SessionResult trainWatched(const RunDirectory& run, bool resume, Progress& progress);

/// As above, while the store takes in the log; returns when all of it is there.
SessionResult trainIntoStore(StoreWriter& store, RowId id, const RunDirectory& run, bool resume,
                             Progress& progress);

/// What the process says with its exit status.
int exitStatusOf(const SessionResult& result);

}  // namespace retort::cli
