// Measures the longest time for which the GUI thread did not get back to its event loop. For the benchmarks.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <thread>
#include <vector>

namespace retort {

/// A thread of its own asks the GUI thread for a sign of life every millisecond, so that a block is seen
/// whatever kind of event caused it. Make it in the GUI thread, while the event loop runs or before.
class EventLoopWatchdog {
  public:
    EventLoopWatchdog();
    ~EventLoopWatchdog();

    double worstMs() const;
    /// The share `p` (0 … 1) of answers came within this time.
    double percentileMs(double p) const;
    void reset();

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
