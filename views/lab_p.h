// What lab.cpp and lab_runs.cpp share.
#pragma once

#include <QHash>
#include <QSet>
#include <QString>
#include <QThreadPool>
#include <mutex>

#include "core/queue/queue_limits.h"
#include "core/runlog/run_directory.h"
#include "views/lab.h"

namespace retort {

struct Lab::Impl {
    std::mutex mutex;  ///< guards the two below, which the writer's thread fills
    StoreChange pending;
    bool told = false;

    QHash<QString, RowId> launched;  ///< run directory → run: what is going, as far as this window knows
    QSet<RowId> stages;              ///< of studies that were started here
    QueueLimits limits;

    QHash<QString, Machine> machines;  ///< of backends that are machines, by their id
    QSet<QString> offered;             ///< of those that are still in the store
    /// Machines as they were before they were edited, which follow their runs to the end.
    std::vector<std::unique_ptr<Backend>> replaced;
    QThreadPool requests;  ///< that go to runs: one after the other, and all of them

    bool holdsRuns(const Backend& backend) const;
    /// The one of them that has the run; nullptr: none.
    Backend* replacedHolderOf(const QString& runDirectory) const;
    /// Those that have no run any more.
    void dropReplaced();
};

/// Makes the directory of a run as it was designed; what its configuration refers to is found in the store.
RunDirectory makeDirectory(const LaunchRequest& request, const std::filesystem::path& root,
                           StoreReader& reader);

}  // namespace retort
