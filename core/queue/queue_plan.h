// Which of the runs that wait start now, and why the others do not. A function of plain values: who reads
// them and who starts runs is training/backends/queue_runner.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "core/queue/queued_run.h"

namespace retort {

/// What holds where runs execute.
struct QueuePlace {
    int runsAtOnce = 0;   ///< 0: as many as want (a scheduler takes care)
    int runsPerGpu = 0;   ///< 0: the GPUs do not matter
    int gpus = 0;         ///< that are there
    std::string problem;  ///< it cannot be used now; empty: it can

    bool operator==(const QueuePlace&) const = default;
};

/// A run that is going without the queue.
struct GoingRun {
    std::int64_t run = 0;
    std::string backend;
    std::string name;
    int gpus = 1;
};

struct QueueInput {
    std::vector<QueuedRun> queue;  ///< in its order
    std::vector<GoingRun> going;
    std::map<std::string, QueuePlace> places;    ///< by backend
    std::map<std::int64_t, std::string> states;  ///< of the runs in `after`, as RunRow::state
    /// Backends that share a place: "in-process" runs on the machine of "local-process".
    std::map<std::string, std::string> shares;
    std::map<std::int64_t, double> retryAt = {};  ///< Unix time, s, before which they are not tried again
    double now = 0;                               ///< the same
};

enum class WaitsFor {
    Turn,         ///< so many run on the machine that it must wait; `text`: one that the queue did not start
    Gpu,          ///< there is room on the machine, but not on (enough of) its GPUs
    Release,      ///< it is held
    Retry,        ///< it failed, and is tried again at `until`
    Predecessor,  ///< `run` has not finished yet
    PredecessorStart,   ///< `run` is not in the queue, and nobody has started it
    PredecessorFailed,  ///< `run` failed, was stopped or is lost
    Place,              ///< the machine cannot be used now: `text`
    NoPlace             ///< there is no such machine (any more)
};

struct Waiting {
    WaitsFor what = WaitsFor::Turn;
    std::int64_t run = 0;
    std::string text;
    double until = 0;  ///< Unix time, s
    bool operator==(const Waiting&) const = default;
};

struct QueueStart {
    std::int64_t run = 0;
    std::vector<int> gpus;  ///< ascending; none: it needs none, or there is none
    bool operator==(const QueueStart&) const = default;
};

struct QueuePlan {
    std::vector<QueueStart> starts;           ///< in this order
    std::map<std::int64_t, Waiting> waiting;  ///< of the others that are QueuedState::Waiting
};

/// The first that can start does; one that cannot holds nobody up who waits for something else. A run gets
/// the emptiest GPUs, of equals the first, and all of a machine that has fewer than it wants; nobody behind
/// it takes one that it waits for. One that is going without GPUs of its own is taken to be on the first
/// ones, which is where CUDA puts it.
QueuePlan planQueue(const QueueInput& input);

}  // namespace retort
