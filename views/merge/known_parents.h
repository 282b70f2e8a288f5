// What is known of the checkpoints that a recipe names: where they are, what to call them, and what the
// newest of them was trained on.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "views/merge/task_panel.h"

namespace retort {

class StoreReader;

struct KnownParents {
    std::map<std::string, std::string> folders;  ///< by name as written; what was not found is not there
    std::map<std::string, std::string> titles;   ///< "run@step", by name as written
    std::map<std::string, std::string> problems;
    std::vector<BenchTask> tasks;  ///< of the newest one's run; empty: no run is known
    int maxCompletionLength = 0;   ///< 0: not known

    /// The recipe with folders in place of names; throws Error.
    std::string withFolders(const std::string& recipe) const;
};

/// Looks at the disk and into the store. `base`: what relative folders start from.
KnownParents findKnownParents(StoreReader& reader, const std::vector<std::string>& names,
                              const std::filesystem::path& base);

/// A run of the recipe `merge`, as YAML, that keeps what `recipe` makes and evaluates it on these tasks.
std::string keepYaml(const std::string& name, const std::string& recipe, const std::vector<BenchTask>& tasks,
                     int problems, int maxCompletionLength);

}  // namespace retort
