#include "core/queue/queue_plan.h"

#include <algorithm>
#include <numeric>
#include <optional>

#include "core/util/error.h"

namespace retort {
namespace {

/// What is going on a machine while the plan is made.
struct Load {
    int runs = 0;
    std::map<int, int> onGpu;
    bool areGpusWanted = false;  ///< by somebody who waits for them, and comes first
};

std::vector<int> firstGpus(int count) {
    std::vector<int> gpus(std::size_t(std::max(count, 0)));
    std::iota(gpus.begin(), gpus.end(), 0);
    return gpus;
}

class Planner {
  public:
    explicit Planner(const QueueInput& input) : m_input(input) {
        for (const GoingRun& each : input.going) occupy(each.backend, firstGpus(each.gpus));
        for (const QueuedRun& each : input.queue) {
            m_queued[each.run] = each.state;
            if (each.state == QueuedState::Started)
                occupy(each.backend, each.onGpus.empty() ? firstGpus(each.gpus) : each.onGpus);
        }
    }

    QueuePlan plan() {
        QueuePlan plan;
        for (const QueuedRun& each : m_input.queue) {
            if (each.state != QueuedState::Waiting) continue;
            std::vector<int> gpus;
            if (const auto reason = obstacle(each, gpus)) {
                plan.waiting[each.run] = *reason;
                continue;
            }
            occupy(each.backend, gpus);
            plan.starts.push_back({each.run, std::move(gpus)});
        }
        return plan;
    }

  private:
    const std::string& machineOf(const std::string& backend) const {
        const auto shared = m_input.shares.find(backend);
        return shared == m_input.shares.end() ? backend : shared->second;
    }

    void occupy(const std::string& backend, const std::vector<int>& gpus) {
        Load& load = m_loads[machineOf(backend)];
        ++load.runs;
        ++m_onBackend[backend];
        for (const int gpu : gpus) ++load.onGpu[gpu];
    }

    /// A run there that the queue did not start; empty: there is none.
    std::string goingOn(const std::string& machine) const {
        for (const GoingRun& each : m_input.going)
            if (machineOf(each.backend) == machine) return each.name;
        return {};
    }

    std::optional<Waiting> predecessor(const QueuedRun& entry) const {
        std::optional<Waiting> unfinished;
        for (const std::int64_t run : entry.after) {
            if (const auto queued = m_queued.find(run); queued != m_queued.end()) {
                if (queued->second == QueuedState::Failed)
                    return Waiting{WaitsFor::PredecessorFailed, run, {}};
                if (!unfinished) unfinished = Waiting{WaitsFor::Predecessor, run, {}};
                continue;
            }
            const auto found = m_input.states.find(run);
            const std::string state = found == m_input.states.end() ? "lost" : found->second;
            if (state == "failed" || state == "stopped" || state == "lost")
                return Waiting{WaitsFor::PredecessorFailed, run, {}};
            if (state != "finished" && !unfinished)
                unfinished =
                    Waiting{state == "created" ? WaitsFor::PredecessorStart : WaitsFor::Predecessor, run, {}};
        }
        return unfinished;
    }

    /// Why it cannot start; sets the GPUs that it gets when it can.
    std::optional<Waiting> obstacle(const QueuedRun& entry, std::vector<int>& gpus) {
        if (const auto before = predecessor(entry)) return before;
        if (entry.isHeld) return Waiting{WaitsFor::Release, 0, {}};
        if (const auto again = m_input.retryAt.find(entry.run);
            again != m_input.retryAt.end() && again->second > m_input.now)
            return Waiting{WaitsFor::Retry, 0, {}, again->second};
        const auto found = m_input.places.find(entry.backend);
        if (found == m_input.places.end()) return Waiting{WaitsFor::NoPlace, 0, entry.backend};
        const QueuePlace& place = found->second;
        if (!place.problem.empty()) return Waiting{WaitsFor::Place, 0, place.problem};
        const std::string& machine = machineOf(entry.backend);
        Load& load = m_loads[machine];
        if (place.runsAtOnce > 0 && m_onBackend[entry.backend] >= place.runsAtOnce)
            return Waiting{WaitsFor::Turn, 0, goingOn(machine)};
        // A backend that has a limit of its own is on a machine that has one, too.
        if (const auto whole = m_input.places.find(machine); whole != m_input.places.end() &&
                                                             whole->second.runsAtOnce > 0 &&
                                                             load.runs >= whole->second.runsAtOnce)
            return Waiting{WaitsFor::Turn, 0, goingOn(machine)};
        if (entry.gpus <= 0 || place.gpus <= 0 || place.runsPerGpu <= 0) return std::nullopt;
        std::vector<int> emptiest = firstGpus(place.gpus);
        std::stable_sort(emptiest.begin(), emptiest.end(),
                         [&load](int a, int b) { return load.onGpu[a] < load.onGpu[b]; });
        emptiest.resize(std::size_t(std::min(entry.gpus, place.gpus)));
        if (load.areGpusWanted || load.onGpu[emptiest.back()] >= place.runsPerGpu) {
            load.areGpusWanted = true;
            return Waiting{WaitsFor::Gpu, 0, {}};
        }
        std::sort(emptiest.begin(), emptiest.end());
        gpus = std::move(emptiest);
        return std::nullopt;
    }

    const QueueInput& m_input;
    std::map<std::int64_t, QueuedState> m_queued;
    std::map<std::string, Load> m_loads;
    std::map<std::string, int> m_onBackend;
};

}  // namespace

const char* toString(QueuedState state) {
    switch (state) {
        case QueuedState::Waiting:
            return "waiting";
        case QueuedState::Started:
            return "started";
        case QueuedState::Failed:
            break;
    }
    return "failed";
}

QueuedState queuedStateFrom(const std::string& word) {
    for (const QueuedState each : {QueuedState::Waiting, QueuedState::Started, QueuedState::Failed})
        if (word == toString(each)) return each;
    throw Error("\"" + word + "\" is no state of a run in the queue");
}

QueuePlan planQueue(const QueueInput& input) {
    return Planner(input).plan();
}

}  // namespace retort
