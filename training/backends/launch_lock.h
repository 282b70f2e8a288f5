// Held from before a trainer is started until it has ended: the trainer inherits it, so that a run whose
// starter has died is never started twice, however long the trainer takes to load.
#pragma once

#include "core/runlog/run_directory.h"

namespace retort {

class LaunchLock {
  public:
    /// Throws Error when somebody starts the run already, or its trainer lives.
    explicit LaunchLock(const RunDirectory& run);
    ~LaunchLock();
    LaunchLock(const LaunchLock&) = delete;
    LaunchLock& operator=(const LaunchLock&) = delete;

    /// To be inherited.
    int descriptor() const { return m_fd; }

    static bool isHeld(const RunDirectory& run);

  private:
    int m_fd;
};

}  // namespace retort
