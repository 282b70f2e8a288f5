// Watching a run's metrics for what goes wrong in training: rules with the field's thresholds (engine.md
// e.3), checked at every step as the values arrive.
//
// An alarm goes off once an episode: when its condition has held for as long as the rule asks, and not again
// before the condition has been gone for `rearmSteps`. A step that does not rise (a resumed attempt) begins
// the history anew.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/runlog/event.h"
#include "core/util/json.h"

namespace retort {

struct AlarmRuleInfo {
    std::string name;
    std::string severity;  ///< "info", "warning", "error"
    std::string help;      ///< the condition, in one sentence
};

/// All rules, in the order in which they are checked.
const std::vector<AlarmRuleInfo>& alarmRules();

class AlarmMonitor {
  public:
    static constexpr std::int64_t rearmSteps = 10;

    AlarmMonitor();
    ~AlarmMonitor();
    AlarmMonitor(AlarmMonitor&&) noexcept;
    AlarmMonitor& operator=(AlarmMonitor&&) noexcept;

    /// The alarms that go off at this step. Metrics that are absent are left out of account.
    std::vector<AlarmEvent> observe(std::int64_t step,
                                    const std::vector<std::pair<std::string, double>>& values);

    /// What it remembers, for a checkpoint: a monitor made from it goes on as this one would. `fromJson`
    /// throws Json::exception.
    Json toJson() const;
    static AlarmMonitor fromJson(const Json& json);

  private:
    struct State;
    std::unique_ptr<State> m_state;
};

}  // namespace retort
