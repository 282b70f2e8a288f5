// Waits for run logs to grow (inotify) and for other threads' calls, whichever comes first.
#pragma once

#include <filesystem>
#include <unordered_map>
#include <vector>

#include "core/store/rows.h"

namespace retort {

class LogWatch {
  public:
    LogWatch();
    ~LogWatch();
    LogWatch(const LogWatch&) = delete;
    LogWatch& operator=(const LogWatch&) = delete;

    /// False where the system cannot tell (no inotify, or its limit is reached): the caller has to look by
    /// itself.
    bool add(RowId run, const std::filesystem::path& directory);
    void remove(RowId run);

    /// At most `milliseconds`; returns the runs whose log changed.
    std::vector<RowId> wait(int milliseconds);
    /// Ends a wait(); from any thread.
    void wake();

  private:
    int m_inotify, m_wake;
    std::unordered_map<int, RowId> m_runs;  ///< by watch descriptor
};

}  // namespace retort
