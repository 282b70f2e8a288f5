// A problem of an evaluation that is to be asked anew.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "core/tasks/task.h"

namespace retort {

struct AskedProblem {
    std::string id;
    std::string prompt;                ///< empty: no text of it was kept
    std::string gold;                  ///< reference answer
    std::shared_ptr<const Task> task;  ///< judges answers; nothing: only the reference is known
    std::int64_t maxTokens = 0;        ///< of the evaluation; 0: not known
};

/// What a run's resolved configuration says of the evaluation `name`: its task, if a generated one, and its
/// limit.
void findTask(AskedProblem& problem, const std::string& config, const std::string& name);

}  // namespace retort
