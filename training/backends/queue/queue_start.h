// The steps between "its turn has come" and the trainer's start, and what became of a run whose starter has
// gone. All of it reads files or asks machines, and is for a thread of its own.
#pragma once

#include <functional>

#include "core/queue/queued_run.h"
#include "core/store/store.h"

namespace retort {

/// Makes the run's directory ready: checkpoints that it starts from are fetched from the machine that has
/// them and written into its configuration, requests of an earlier attempt are withdrawn, and the attempt and
/// its GPU are noted. True: it began before and is to be resumed. Throws Error.
bool prepareStart(StoreWriter& store, StoreReader& reader, RowId run, int attempt, int gpu,
                  const std::function<bool()>& stop);

/// Whether the trainer of this attempt has never said a word: then it was not even started.
bool neverBegan(const std::string& runDirectory, int attempt);

/// How a run that the store counts as over (settleRun()) leaves the queue.
struct QueueOutcome {
    QueuedEnd end = QueuedEnd::Done;
    std::string problem;
};
QueueOutcome outcomeOf(const RunRow& run);

}  // namespace retort
