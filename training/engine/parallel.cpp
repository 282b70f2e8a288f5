#include "training/engine/parallel.h"

#include <ATen/Parallel.h>

#include <algorithm>

#include "training/engine/worker_pool.h"

namespace retort {

int threadCount() {
    return WorkerPool::isInside() || at::in_parallel_region() ? 1 : std::max(1, at::get_num_threads());
}

void runTasks(long tasks, const std::function<void(long task, int thread)>& task) {
    WorkerPool::instance().run(tasks, threadCount(), task);
}

}  // namespace retort
