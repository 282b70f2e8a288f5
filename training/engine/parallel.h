// Work split over LibTorch's own thread pool: one pool in the process, whatever calls it.
#pragma once

#include <functional>

namespace retort {

/// at::get_num_threads() of the calling thread, or 1 inside a parallel region.
int threadCount();

/// Runs task(i, thread) for every i in [0, tasks), whoever is free takes the next; thread < threadCount(). An
/// exception is rethrown here. Which thread runs a task must not matter for the result.
void runTasks(long tasks, const std::function<void(long task, int thread)>& task);

}  // namespace retort
