// A run that waits for its turn on a machine without a scheduler, or that got it and is going.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace retort {

/// Waiting → Started → gone once the run has ended well or was stopped; Failed stays until somebody retries
/// or removes it.
enum class QueuedState { Waiting, Started, Failed };

struct QueuedRun {
    std::int64_t run = 0;  ///< its row in the store
    std::string backend;   ///< where it is to run
    int position = 0;      ///< 1 is the first; set by the store
    QueuedState state = QueuedState::Waiting;
    bool isHeld = false;              ///< by hand
    std::vector<std::int64_t> after;  ///< runs that must have finished before
    int retries = 0;                  ///< how often it is still started again when it fails
    int attempts = 0;                 ///< how often the queue has started it
    int gpus = 1;                     ///< takes a place on so many GPUs, where there are any; 0: on none
    std::vector<int> onGpus;          ///< those that it has, counted as nvidia-smi does, ascending
    std::string problem;              ///< why it failed
    /// Unix time, s, of the failure after which it waits; 0: there was none, or somebody wants it tried now.
    double failedAt = 0;

    bool operator==(const QueuedRun&) const = default;
};

/// How an attempt that the queue started ended.
enum class QueuedEnd {
    Done,       ///< it finished, or was stopped: out of the queue
    Failed,     ///< it waits again while it has retries left
    NeverBegan  ///< whoever wanted to start it went away before: it waits as if nothing had been
};

const char* toString(QueuedState state);
/// Throws Error for another word than "waiting", "started" and "failed".
QueuedState queuedStateFrom(const std::string& word);

}  // namespace retort
