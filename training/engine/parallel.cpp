#include "training/engine/parallel.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>

namespace retort {

int threadCount() { return at::in_parallel_region() ? 1 : std::max(1, at::get_num_threads()); }

void runTasks(long tasks, const std::function<void(long task, int thread)>& task) {
    const long threads = std::min<long>(threadCount(), tasks);
    if (threads <= 1) {
        for (long i = 0; i < tasks; ++i) task(i, 0);
        return;
    }
    std::atomic<long> next{0};
    at::parallel_for(0, threads, 1, [&](std::int64_t begin, std::int64_t) {
        for (long i; (i = next.fetch_add(1, std::memory_order_relaxed)) < tasks;) task(i, int(begin));
    });
}

}  // namespace retort
