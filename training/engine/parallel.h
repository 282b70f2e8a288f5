// The engine's work, split over the process's worker pool. How it is split depends on the thread count that
// the run was given (LibTorch's setting), never on how many threads happen to help: results are the same on a
// busy machine.
#pragma once

#include <functional>

namespace retort {

/// at::get_num_threads() of the calling thread, or 1 inside a task or a parallel region.
int threadCount();

/// Runs task(i, thread) for every i in [0, tasks), whoever is free takes the next; thread < threadCount(). An
/// exception is rethrown here. Which thread runs a task must not matter for the result.
void runTasks(long tasks, const std::function<void(long task, int thread)>& task);

}  // namespace retort
