// Lets the alarm rules see each step of a run, also those of earlier attempts.
#pragma once

#include <cstdint>
#include <filesystem>

#include "core/analysis/alarms.h"
#include "training/recipes/run_session.h"

namespace retort {

class AlarmWatch {
  public:
    explicit AlarmWatch(EventSink& log) : m_log(log) {}

    /// What an interrupted run would still know: shows the rules the log's steps up to `lastStep`, without
    /// what was superseded. Alarms that they gave then are not given again.
    void replay(const std::filesystem::path& eventsFile, std::int64_t lastStep);
    /// Writes the alarms that go off at this step into the log.
    void observe(std::int64_t step, const std::vector<std::pair<std::string, double>>& values);

  private:
    EventSink& m_log;
    AlarmMonitor m_monitor;
};

}  // namespace retort
