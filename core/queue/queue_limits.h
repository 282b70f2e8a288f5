// How many runs of the queue go at once on this computer; other machines have these limits of their own
// (core/machines/machine.h).
#pragma once

#include "core/util/json.h"

namespace retort {

/// The setting of the store in which they are kept.
inline constexpr char queueLimitsSetting[] = "queue.here";

struct QueueLimits {
    int runsAtOnce = 1;
    int runsPerGpu = 1;  ///< 0: the GPUs do not matter
    /// s, before a run that failed is tried again, here or elsewhere; before the second retry four times as
    /// long, before later ones twenty times.
    int retryPause = 30;

    /// Half of the cores, and at least one.
    static QueueLimits usual();
    bool operator==(const QueueLimits&) const = default;
};

/// Seconds behind a failure at which the run may start again; `attempts`: how often it was started.
double retryPauseSeconds(const QueueLimits& limits, int attempts);

/// {"runs_at_once", "runs_per_gpu", "retry_pause"}
Json toJson(const QueueLimits& limits);
/// What is missing or makes no sense is as usual.
QueueLimits queueLimitsFrom(const Json& json);

}  // namespace retort
