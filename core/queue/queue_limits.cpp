#include "core/queue/queue_limits.h"

#include <algorithm>
#include <thread>

namespace retort {
namespace {

constexpr int most = 999;
constexpr int secondPause = 4, laterPauses = 20;  // times the first

int numberOr(const Json& json, const char* key, int least, int usual) {
    if (!json.is_object()) return usual;
    const auto found = json.find(key);
    if (found == json.end() || !found->is_number_integer()) return usual;
    return int(std::clamp<std::int64_t>(found->get<std::int64_t>(), least, most));
}

}  // namespace

QueueLimits QueueLimits::usual() {
    QueueLimits limits;
    limits.runsAtOnce = std::max(1, int(std::thread::hardware_concurrency()) / 2);
    return limits;
}

Json toJson(const QueueLimits& limits) {
    return {{"runs_at_once", limits.runsAtOnce},
            {"runs_per_gpu", limits.runsPerGpu},
            {"retry_pause", limits.retryPause}};
}

QueueLimits queueLimitsFrom(const Json& json) {
    const QueueLimits usual = QueueLimits::usual();
    return {numberOr(json, "runs_at_once", 1, usual.runsAtOnce),
            numberOr(json, "runs_per_gpu", 0, usual.runsPerGpu),
            numberOr(json, "retry_pause", 0, usual.retryPause)};
}

double retryPauseSeconds(const QueueLimits& limits, int attempts) {
    const int times = attempts <= 1 ? 1 : attempts == 2 ? secondPause : laterPauses;
    return double(limits.retryPause) * times;
}

}  // namespace retort
