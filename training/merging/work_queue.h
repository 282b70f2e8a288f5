// Work for several threads under a limit of memory: the most expensive first, a cheaper one where that does
// not fit.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <stop_token>
#include <vector>

namespace retort {

struct WorkUnit {
    std::size_t tensor = 0;
    std::size_t first = 0, count = 0;  ///< elements
    std::uint64_t cost = 0;            ///< bytes of memory while it runs
};

/// Calls `work(unit, thread)` for every unit; `thread` counts from 0. Units run together while their costs
/// stay under `budget`; one that is larger runs alone. Ends early when asked to stop. Throws what the first
/// that failed threw.
void runUnits(std::vector<WorkUnit> units, std::uint64_t budget, int threads, const std::stop_token& stop,
              const std::function<void(const WorkUnit&, std::size_t thread)>& work);

}  // namespace retort
