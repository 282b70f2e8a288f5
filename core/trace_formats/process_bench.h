// ProcessBench (Zheng et al. 2024, Qwen/ProcessBench): solutions with the first wrong step.
#pragma once

#include <string>
#include <vector>

#include "core/traces/trace.h"

namespace retort {

class JsonFields;

struct ProcessBenchRecord {
    std::string id, generator, problem;
    std::vector<std::string> steps;
    bool finalAnswerCorrect = false;  ///< independent of the label
    std::int64_t label = -1;          ///< index of the first wrong step; -1: none
    bool operator==(const ProcessBenchRecord&) const = default;
};

/// Throws Error with the field as its place; also for a label beyond the last step.
ProcessBenchRecord readProcessBench(const JsonFields& fields);
void appendProcessBench(const ProcessBenchRecord& record, std::string& out);

/// In the lane human:ProcessBench the steps before the label are right, it is wrong, those after it are not
/// rated. The solution's id is the problem's; a trace has no place for the generator.
Trace traceOf(const ProcessBenchRecord& record);

}  // namespace retort
