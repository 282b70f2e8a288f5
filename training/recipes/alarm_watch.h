// Lets the alarm rules see each step of a run, and writes what they say into its log.
#pragma once

#include "core/analysis/alarms.h"
#include "training/recipes/run_session.h"

namespace retort {

class AlarmWatch {
  public:
    /// `remembered`: what a checkpoint's alarms() were, so that a resumed run gives the alarms that an
    /// uninterrupted one would, and none twice; null: a new run. Throws Json::exception.
    AlarmWatch(EventSink& log, const Json& remembered)
        : m_log(log), m_monitor(remembered.is_null() ? AlarmMonitor() : AlarmMonitor::fromJson(remembered)) {}

    /// Writes the alarms that go off at this step into the log.
    void observe(std::int64_t step, const std::vector<std::pair<std::string, double>>& values) {
        for (AlarmEvent& alarm : m_monitor.observe(step, values)) m_log.write(std::move(alarm));
    }

    Json alarms() const { return m_monitor.toJson(); }

  private:
    EventSink& m_log;
    AlarmMonitor m_monitor;
};

}  // namespace retort
