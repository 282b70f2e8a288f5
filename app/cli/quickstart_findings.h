// What a quickstart found, for a terminal or as one line of JSON.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/store/rows.h"

namespace retort::cli {

class Context;

/// A stage's run.
struct StageRun {
    std::string stage, recipe;
    RowId id = 0;
    std::filesystem::path directory;
};

/// All stages' results on held-out problems; of those that learned by reinforcement their course, their
/// alarms, and a problem before and after.
void printFindings(const Context& context, const std::vector<StageRun>& runs);

}  // namespace retort::cli
