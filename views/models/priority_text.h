// A run's priority in words.
#pragma once

#include <QString>
#include <optional>

#include "core/runlog/priority.h"

namespace retort {

/// "Low": what the nice value is called.
QString priorityName(int nice);

struct RunPriority {
    std::optional<PriorityState> state;  ///< what the trainer says
    std::optional<int> asked;
};

/// What holds; until the trainer has answered, what is asked for. `isGoing`: a trainer lives whose word
/// counts.
std::optional<int> niceOf(const RunPriority& priority, bool isGoing);

/// "nice 10"; "nice 5: nice 0 was refused: …"; what is asked for and does not hold yet. Empty: nothing is
/// known.
QString priorityText(const RunPriority& priority, bool isGoing);

}  // namespace retort
