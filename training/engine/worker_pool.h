// Threads that help a calling thread with its tasks, made for several trainers on the same cores: the caller
// never waits for a helper that has not begun a task, helpers that find nothing to do soon sleep, and how
// many help can change at any moment without changing a result. (OpenMP waits at the end of each region for
// its whole team, and a team member without a core then costs a time slice: two trainers on two cores ran at
// a quarter of their speed.)
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <vector>

namespace retort {

class WorkerPool {
  public:
    using Task = std::function<void(long task, int thread)>;

    /// The process's pool. It is never destroyed: its threads may outlive main().
    static WorkerPool& instance();

    /// At most so many threads work at a time, the caller included; at least 1. Takes effect at the next
    /// run().
    void setWorkers(int workers);
    int workers() const { return m_workers.load(std::memory_order_relaxed); }

    /// Runs task(i, thread) for every i in [0, tasks) on the caller (thread 0) and up to threads - 1 helpers;
    /// rethrows the first exception. Inside a task, or while another thread's run() is under way, the caller
    /// works alone.
    void run(long tasks, int threads, const Task& task);

    /// The calling thread is inside a task.
    static bool isInside();

  private:
    WorkerPool() = default;
    void addHelpers(int count);
    void help(int thread);
    void work(int thread);
    void keepException();

    std::mutex m_callers;                 // one run() at a time
    std::atomic<int> m_workers{1 << 16};  // the wish; a run's own count stands in m_threads
    int m_helpers = 0;

    // The run under way. m_epoch is odd while helpers may enter; a helper enters by counting itself in
    // m_inside and looking at m_epoch again, and the caller closes m_epoch before it waits for m_inside to be
    // 0: whichever comes first, no helper reads a run that is over.
    alignas(64) std::atomic<std::uint32_t> m_epoch{0};
    alignas(64) std::atomic<int> m_inside{0};
    alignas(64) std::atomic<long> m_next{0};
    long m_tasks = 0;
    int m_threads = 0;
    unsigned m_floatState = 0;  // the caller's rounding and denormal modes
    const Task* m_task = nullptr;
    std::mutex m_exceptionMutex;
    std::exception_ptr m_exception;
};

}  // namespace retort
