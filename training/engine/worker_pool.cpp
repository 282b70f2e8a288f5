#include "training/engine/worker_pool.h"

#include <pthread.h>
#include <signal.h>

#include <algorithm>
#include <thread>
#include <utility>

#if defined(__SSE__)
#include <immintrin.h>
#endif

namespace retort {
namespace {

thread_local bool insideTask = false;

/// What a task asks about its surroundings must not depend on how many threads happen to help.
struct InsideTask {
    InsideTask() { insideTask = true; }
    ~InsideTask() { insideTask = false; }
    InsideTask(const InsideTask&) = delete;
    InsideTask& operator=(const InsideTask&) = delete;
};

// About 50 µs: longer than the gaps between the regions of a training step, shorter than what a neighbour
// would miss.
constexpr int spins = 1500;

void relax() {
#if defined(__SSE__)
    _mm_pause();
#endif
}

unsigned floatState() {
#if defined(__SSE__)
    return _mm_getcsr();
#else
    return 0;
#endif
}

void setFloatState([[maybe_unused]] unsigned state) {
#if defined(__SSE__)
    if (_mm_getcsr() != state) _mm_setcsr(state);
#endif
}

/// Until `value` is no longer `old`: a short spin, then sleep.
template <class T>
void waitWhile(std::atomic<T>& value, T old) {
    for (int i = 0; i < spins; ++i) {
        if (value.load(std::memory_order_acquire) != old) return;
        relax();
    }
    value.wait(old, std::memory_order_acquire);
}

}  // namespace

WorkerPool& WorkerPool::instance() {
    static auto* pool = new WorkerPool;
    return *pool;
}

void WorkerPool::setWorkers(int workers) {
    m_workers.store(std::max(workers, 1), std::memory_order_relaxed);
}

bool WorkerPool::isInside() {
    return insideTask;
}

void WorkerPool::run(long tasks, int threads, const Task& task) {
    const auto alone = [&] {
        for (long i = 0; i < tasks; ++i) task(i, 0);
    };
    if (threads <= 1 || tasks <= 1 || insideTask) return alone();
    threads = int(std::min<long>({long(threads), long(workers()), tasks}));
    std::unique_lock lock(m_callers, std::defer_lock);
    if (threads <= 1 || !lock.try_lock()) {
        const InsideTask inside;
        return alone();
    }
    addHelpers(threads - 1);
    m_task = &task;
    m_tasks = tasks;
    m_threads = threads;
    m_floatState = floatState();
    m_next.store(0, std::memory_order_relaxed);
    m_epoch.fetch_add(1);  // open
    m_epoch.notify_all();
    work(0);
    m_epoch.fetch_add(1);  // closed
    for (int inside; (inside = m_inside.load()) != 0;) waitWhile(m_inside, inside);
    if (m_exception) std::rethrow_exception(std::exchange(m_exception, nullptr));
}

void WorkerPool::addHelpers(int count) {
    if (m_helpers >= count) return;
    // Signals are the program's, not a helper's.
    sigset_t all, before;
    ::sigfillset(&all);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    while (m_helpers < count) std::thread(&WorkerPool::help, this, ++m_helpers).detach();
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

void WorkerPool::help(int thread) {
    std::uint32_t seen = m_epoch.load();
    for (;;) {
        if (seen % 2 == 0) {
            waitWhile(m_epoch, seen);
            seen = m_epoch.load();
            continue;
        }
        m_inside.fetch_add(1);
        if (m_epoch.load() == seen && thread < m_threads) work(thread);
        if (m_inside.fetch_sub(1) == 1) m_inside.notify_all();
        waitWhile(m_epoch, seen);
        seen = m_epoch.load();
    }
}

void WorkerPool::work(int thread) {
    setFloatState(m_floatState);
    const InsideTask inside;
    try {
        for (long i; (i = m_next.fetch_add(1, std::memory_order_relaxed)) < m_tasks;) (*m_task)(i, thread);
    } catch (...) {
        m_next.store(m_tasks, std::memory_order_relaxed);  // no one begins another
        keepException();
    }
}

void WorkerPool::keepException() {
    const std::lock_guard lock(m_exceptionMutex);
    if (!m_exception) m_exception = std::current_exception();
}

}  // namespace retort
