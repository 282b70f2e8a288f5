// The log that a run's own command writes with retort_log.py, told in the log of the run.
#pragma once

#include <optional>

#include "core/adoption/adopted_log.h"

namespace retort {

class RunLogSource {
  public:
    /// `run`: the run's directory, in which the command's own one (the file's folder) lies.
    RunLogSource(std::filesystem::path file, std::filesystem::path run, const TrackerCursor& from);

    /// Tells whole lines, at most about `maxBytes`; true when there is no more for now. Attempts and their
    /// ends are not told: they are the run's. Throws Error.
    bool read(AdoptedLog& log, int index, std::size_t maxBytes);

    /// What its last attempt said at its end, and when.
    const std::optional<std::pair<double, EndEvent>>& lastEnd() const { return m_lastEnd; }
    bool isThere() const;
    std::vector<std::string> takeProblems() { return std::exchange(m_problems, {}); }

  private:
    void tell(AdoptedLog& log, int index, Event event, std::int64_t batchBegin);

    std::filesystem::path m_file, m_run;
    std::int64_t m_offset, m_lastSeq;
    bool m_isFirst = true;
    std::optional<std::pair<double, EndEvent>> m_lastEnd;
    std::vector<std::string> m_problems;
};

}  // namespace retort
