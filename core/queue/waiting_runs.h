// Puts configurations and studies into the queue: each becomes a run directory now, and what it needs of runs
// that have not finished is resolved when its turn comes.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/config/study.h"
#include "core/store/store.h"

namespace retort {

struct QueueRequest {
    std::vector<StudyStage> stages;  ///< one for a single run; a later one may name an earlier one as "@name"
    std::filesystem::path base;      ///< what relative paths start from
    std::vector<std::string> overrides;  ///< of every stage: "key.path=value"
    std::string backend;
    std::vector<RowId> after;  ///< runs that every stage waits for, besides those that it starts from
    int retries = 0;
    /// Of a study, stages that several processes cannot train are trained by one.
    int processes = 1;
    bool isHeld = false;
    std::string program;  ///< who says so, in run.json
};

/// On how many GPUs a run takes a place, where there are any: each process has one.
int gpusOf(const RunConfig& config, int processes);

/// All or none are queued; in the order of the stages. Throws Error for what prepareRun() refuses, and leaves
/// no run behind then; where the store itself fails (a full disk), runs may stay outside of the queue. A
/// checkpoint that is named by "@stage", or by "run:…" of a run that has not ended, stays in the
/// configuration as "run:<id>".
std::vector<RowId> queueRuns(StoreWriter& store, StoreReader& reader, const QueueRequest& request,
                             const std::filesystem::path& runsFolder);

/// Its turn has come: the checkpoints that it starts from are looked up among those that are here and written
/// into its configuration.
/// Throws Error where one is not there.
void resolveWaitingRun(StoreWriter& store, StoreReader& reader, const RunRow& run);

struct NamedRun {
    RowId run = 0;
    std::optional<std::int64_t> step;  ///< of the checkpoint; none: the last one

    bool operator==(const NamedRun&) const = default;
};

/// Whether that checkpoint was written on another machine, and was not fetched.
bool isOnlyOnItsMachine(StoreReader& reader, const NamedRun& named);

/// The runs that a configuration names as "run:<id>[@step]": what must be there before it can begin.
std::vector<NamedRun> runsNamedBy(StoreReader& reader, const std::string& configYaml);

}  // namespace retort
