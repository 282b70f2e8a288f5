#include "training/merging/work_queue.h"

#include <algorithm>
#include <thread>

namespace retort {
namespace {

class Queue {
  public:
    Queue(std::vector<WorkUnit> units, std::uint64_t budget, const std::stop_token& stop)
        : m_units(std::move(units)), m_budget(budget), m_stop(stop) {
        std::stable_sort(m_units.begin(), m_units.end(),
                         [](const WorkUnit& a, const WorkUnit& b) { return a.cost > b.cost; });
    }

    /// Waits until one fits; false: there are none left, or it is over.
    bool take(WorkUnit& unit) {
        std::unique_lock lock(m_mutex);
        while (true) {
            if (m_failure || m_stop.stop_requested() || m_units.empty()) return false;
            const auto fits = std::find_if(m_units.begin(), m_units.end(), [this](const WorkUnit& each) {
                return m_running == 0 || m_used + each.cost <= m_budget;
            });
            if (fits != m_units.end()) {
                unit = *fits;
                m_units.erase(fits);
                m_used += unit.cost;
                ++m_running;
                return true;
            }
            m_changed.wait(lock);
        }
    }

    void done(const WorkUnit& unit, std::exception_ptr failure) {
        {
            const std::lock_guard lock(m_mutex);
            m_used -= unit.cost;
            --m_running;
            if (failure && !m_failure) m_failure = std::move(failure);
        }
        m_changed.notify_all();
    }

    void rethrow() const {
        if (m_failure) std::rethrow_exception(m_failure);
    }

  private:
    std::vector<WorkUnit> m_units;
    std::uint64_t m_budget, m_used = 0;
    int m_running = 0;
    const std::stop_token& m_stop;
    std::exception_ptr m_failure;
    std::mutex m_mutex;
    std::condition_variable m_changed;
};

}  // namespace

void runUnits(std::vector<WorkUnit> units, std::uint64_t budget, int threads, const std::stop_token& stop,
              const std::function<void(const WorkUnit&, std::size_t)>& work) {
    Queue queue(std::move(units), budget, stop);
    const auto run = [&](std::size_t thread) {
        for (WorkUnit unit; queue.take(unit);) {
            std::exception_ptr failure;
            try {
                work(unit, thread);
            } catch (...) {
                failure = std::current_exception();
            }
            queue.done(unit, std::move(failure));
        }
    };
    {
        std::vector<std::jthread> others;
        for (int i = 1; i < threads; ++i) others.emplace_back(run, std::size_t(i));
        run(0);
    }
    queue.rethrow();
}

}  // namespace retort
