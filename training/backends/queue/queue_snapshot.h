// The queue as it is now, with what would start and why the rest waits.
#pragma once

#include <QString>
#include <map>
#include <string>
#include <vector>

#include "core/queue/queue_plan.h"
#include "core/store/store.h"
#include "training/backends/queue/queue_machines.h"
#include "training/backends/slurm/slurm_request.h"

namespace retort {

/// What a list of the queue shows.
struct QueueSnapshot {
    std::vector<QueuedRun> queue;
    std::map<RowId, RunPlace> runs;  ///< those of the queue, and those that they wait for
    std::map<RowId, Waiting> waiting;
    struct Progress {
        std::int64_t step = 0, totalSteps = 0;  ///< 0: unknown
        bool operator==(const Progress&) const = default;
    };
    std::map<RowId, Progress> progress;      ///< of those that are going
    std::map<RowId, SlurmRequest> requests;  ///< of those that are for Slurm, as it stands now
    bool isOwner = false;                    ///< this program starts them
    std::int64_t owner = 0;                  ///< else the process that does; 0: none

    QString nameOf(RowId run) const;
    /// Why it waits, why it failed, or how far it is and on which GPU, and what is asked of Slurm for it; may
    /// be empty.
    QString detailOf(const QueuedRun& run) const;
    /// "asks Slurm for --partition=gpu"; empty: it is not for Slurm.
    QString requestText(RowId run) const;
};

struct QueueReading {
    QueueSnapshot snapshot;  ///< without owner
    std::vector<QueueStart> starts;
    std::map<std::string, Machine> toAsk;  ///< nothing starts there before they have answered
};

QueueReading readQueue(StoreReader& reader, const std::map<std::string, GpuCount>& known);

}  // namespace retort
