// The queue of runs. All changes work inside the caller's transaction, and say by what they return whether
// the run was still in the state that they start from: several programs may work on one queue.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/queue/queue_plan.h"
#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

/// In the queue's order.
std::vector<QueuedRun> readQueuedRuns(Database& database);
/// Runs outside of the queue that may be going, with their directories: "running" and "paused" ones, and
/// "created" ones of the last hour, which somebody may just be starting.
std::vector<RunPlace> readGoingRuns(Database& database);
/// Those in the queue, and those that they wait for.
std::vector<RunPlace> readRunsOfQueue(Database& database);

/// At the end, or at their position where they have one (from 1): those that failed (a removal that is taken
/// back) as such, all others as waiting ones. Runs that were taken out before they began are "created" again.
/// Throws Error for one that is in the queue already, or unknown.
void addQueuedRuns(Database& database, const std::vector<QueuedRun>& runs);
/// Takes out those that wait or failed, and gives them as they were; those that never began become
/// "stopped", unless `toStart`.
std::vector<QueuedRun> removeQueuedRuns(Database& database, const std::vector<RowId>& runs, bool toStart);
/// To a position from 1; beyond the end is the end. Throws Error when it is not in the queue.
void moveQueuedRun(Database& database, RowId run, int position);
/// Of those that are in the queue.
void holdQueuedRuns(Database& database, const std::vector<RowId>& runs, bool isHeld);
/// Failed ones wait again, and those that wait for another try do so no longer.
void retryQueuedRuns(Database& database, const std::vector<RowId>& runs);

/// It is about to start, and the run is one of the backend on which it waited; the number of this attempt, or
/// nothing when it does not wait, or is held.
std::optional<int> beginQueuedRun(Database& database, RowId run, const std::vector<int>& gpus);
/// How an attempt ended; nothing happens unless it is this attempt that is going.
void endQueuedRun(Database& database, RowId run, int attempt, QueuedEnd end, const std::string& problem);

}  // namespace retort
