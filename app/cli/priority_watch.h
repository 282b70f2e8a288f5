// A trainer's side of its run's priority (core/runlog/priority.h): what is asked for is given to this
// process, to all of its threads, and to everything that it has started.
#pragma once

#include <optional>
#include <string>
#include <thread>

#include "core/runlog/priority.h"
#include "core/runlog/run_directory.h"

namespace retort::cli {

/// Gives the nice value to every thread of this process and of those that descend from it. What cannot be
/// done is in the answer's `problem`.
PriorityState setNiceness(int nice);

/// Looks at what is asked for a few times a second, on a thread of its own, from when it is made until it is
/// destroyed.
class PriorityWatch {
  public:
    /// `answers`: of several processes that train a run one says what holds. Where another trainer has the
    /// run, it is that one's to say.
    PriorityWatch(const RunDirectory& run, bool answers);

  private:
    void watch(const std::stop_token& over);
    void look();
    void answer(const PriorityState& state);

    RunDirectory m_run;
    bool m_answers;
    std::optional<int> m_asked;
    int m_looksAfterwards = 0;
    std::jthread m_thread;  // last: it ends before what it uses
};

}  // namespace retort::cli
