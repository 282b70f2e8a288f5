// What lab.cpp and lab_runs.cpp share.
#pragma once

#include <QHash>
#include <QSet>
#include <QString>
#include <mutex>

#include "views/lab.h"
#include "views/launch_queue.h"

namespace retort {

struct Lab::Impl {
    std::mutex mutex;  ///< guards the two below, which the writer's thread fills
    StoreChange pending;
    bool told = false;

    QHash<QString, RowId> launched;  ///< run directory → run: what is going, as far as this window knows
    LaunchQueue queue;

    QHash<QString, Machine> machines;  ///< of backends that are machines, by their id
    QSet<QString> offered;             ///< of those that are still in the store
    /// Machines as they were before they were edited, which follow their runs to the end.
    std::vector<std::unique_ptr<Backend>> replaced;

    bool holdsRuns(const Backend& backend) const;
    /// The one of them that has the run; nullptr: none.
    Backend* replacedHolderOf(const QString& runDirectory) const;
    /// Those that have no run any more.
    void dropReplaced();
};

}  // namespace retort
