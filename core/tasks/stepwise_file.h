// Solutions with a verdict on each step: JSONL in TRL's stepwise format,
//
//   {"prompt": "…", "completions": ["step", "step", …], "labels": [true, false, …]}
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace retort {

struct StepwiseSolution {
    std::string prompt;
    std::vector<std::string> steps;
    std::vector<bool> labels;  ///< one a step: it is right

    bool operator==(const StepwiseSolution&) const = default;
};

/// Throws Error with file:line for the first line that is none (not JSON, a field missing or of another type,
/// as many labels as steps not there, longer than 16 MB, more than 4096 steps), and for a file without any.
/// Blank lines are skipped.
std::vector<StepwiseSolution> readStepwiseSolutions(const std::filesystem::path& file);

}  // namespace retort
