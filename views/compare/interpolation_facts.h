// What must be known of checkpoints before the way between them can be measured: whether their weights may be
// added up, and what they were evaluated on.
#pragma once

#include <string>
#include <vector>

#include "core/comparison/comparison.h"
#include "views/merge/task_panel.h"

namespace retort {

struct InterpolationFacts {
    std::vector<std::string> errors;    ///< sentences; with one there is nothing to measure
    std::vector<std::string> warnings;  ///< sentences: it can be measured, and may mean little
    /// Of the checkpoints' runs, each once; where runs mean different things by one name, the name has the
    /// run's.
    std::vector<BenchTask> tasks;
    int numProblems = 0, maxCompletionLength = 0;  ///< of the first run that says so; 0: not known
};

/// Reads the store, and headers and small files of the folders. Never throws for what is missing or damaged.
InterpolationFacts readInterpolationFacts(StoreReader& reader,
                                          const std::vector<ComparedCheckpoint>& checkpoints);

/// Examples a task that the bench's loss rests on, at most.
std::int64_t examplesEach(bool isQuick, std::size_t tasks);

}  // namespace retort
