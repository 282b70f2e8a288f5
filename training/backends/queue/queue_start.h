// The steps between "its turn has come" and the trainer's start, and what became of a run whose starter has
// gone. All of it reads files or asks machines, and is for a thread of its own.
#pragma once

#include <filesystem>
#include <functional>

#include "core/queue/queued_run.h"
#include "core/store/store.h"

namespace retort {

enum class Readiness {
    Begin,
    Resume,  ///< it began before
    Stop     ///< it was asked to stop since its turn came: it does not start
};
/// Makes the run's directory ready: checkpoints that it starts from are fetched from the machine that has
/// them and written into its configuration, and the attempt and its GPUs are noted. Requests are left as they
/// are, here as in Backend::launch(): in a run that waits there are none of an earlier attempt. Throws Error.
Readiness prepareStart(StoreWriter& store, StoreReader& reader, RowId run, int attempt,
                       const std::vector<int>& gpus, const std::function<bool()>& stop);

/// Whether any attempt's trainer has said a word: then the next one resumes. The state does not tell: a run
/// whose checkpoint was not there has "failed" before it began.
bool hasBegun(const std::filesystem::path& runDirectory);

/// Whether the trainer of this attempt has never said a word: then it was not even started.
bool neverBegan(const std::string& runDirectory, int attempt);

/// Whether it was asked to stop, and nobody has obeyed yet.
bool isStopAsked(const std::string& runDirectory);

/// How a run that the store counts as over (settleRun()) leaves the queue. One that failed while it was to
/// stop (`wasToStop`) is not tried again.
struct QueueOutcome {
    QueuedEnd end = QueuedEnd::Done;
    std::string problem;
};
QueueOutcome outcomeOf(const RunRow& run, bool wasToStop);

}  // namespace retort
