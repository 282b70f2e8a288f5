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

    /// Half of the cores, and at least one.
    static QueueLimits usual();
    bool operator==(const QueueLimits&) const = default;
};

/// {"runs_at_once", "runs_per_gpu"}
Json toJson(const QueueLimits& limits);
/// What is missing or makes no sense is as usual.
QueueLimits queueLimitsFrom(const Json& json);

}  // namespace retort
