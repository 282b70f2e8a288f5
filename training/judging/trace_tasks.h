// Who says whether a rollout's answer is right: the task that the trace is of, else core/answers.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "core/tasks/dialogue.h"
#include "core/tasks/task.h"
#include "core/traces/trace.h"

namespace retort {

class TraceTasks {
  public:
    /// The tasks of a run's configuration; those of data files that are not there any more are left out.
    /// `yaml` may be empty: no tasks. Throws Error for a configuration that is none.
    TraceTasks(const std::string& yaml, const DialogueFormat& dialogue);

    bool isRight(const Trace& trace, std::string_view completion) const;
    /// Why a trace's rollouts cannot be checked; empty: they can.
    std::string whyNot(const Trace& trace) const;
    /// evaluation.max_completion_length; 0 without a configuration.
    std::int64_t completionLength() const { return m_completionLength; }

  private:
    std::map<std::string, std::unique_ptr<Task>, std::less<>> m_tasks;
    std::int64_t m_completionLength = 0;
};

}  // namespace retort
