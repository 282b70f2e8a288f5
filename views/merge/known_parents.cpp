#include "views/merge/known_parents.h"

#include <algorithm>

#include "core/config/launch.h"
#include "core/config/load.h"
#include "core/config/merge_models.h"
#include "core/store/run_finder.h"
#include "core/util/error.h"

namespace retort {

namespace {

namespace fs = std::filesystem;

/// "step-00000100" → "100"; other folders keep their name.
std::string stepText(const fs::path& checkpoint) {
    std::string name = checkpoint.filename().string();
    if (!name.starts_with("step-")) return name;
    name.erase(0, 5);
    name.erase(0, std::min(name.find_first_not_of('0'), name.size() - 1));
    return name;
}

}  // namespace

std::string KnownParents::withFolders(const std::string& recipe) const {
    return withMergeModels(recipe, [this](const std::string& name) {
        const auto found = folders.find(name);
        return found == folders.end() ? name : found->second;
    });
}

KnownParents findKnownParents(StoreReader& reader, const std::vector<std::string>& names,
                              const fs::path& base) {
    KnownParents parents;
    const FindRun findRun = finderIn(reader);
    const std::vector<RunRow> runs = reader.runs(true);
    const RunRow* newest = nullptr;
    for (const std::string& name : names) {
        fs::path folder;
        try {
            folder = findCheckpoint(name, base.empty() ? fs::current_path() : base, findRun);
        } catch (const Error& error) {
            parents.problems[name] = error.what();
            continue;
        }
        parents.folders[name] = folder.string();
        const fs::path directory = runOfCheckpoint(folder);
        if (directory.empty()) continue;
        for (const RunRow& run : runs) {
            if (fs::path(run.directory).lexically_normal() != directory.lexically_normal()) continue;
            parents.titles[name] = run.name + "@" + stepText(folder);
            if (!newest || run.created > newest->created) newest = &run;
        }
    }
    if (!newest) return parents;
    parents.tasks = tasksOfConfig(newest->config);
    const ParsedConfig parsed = parseConfig(newest->config, newest->name);
    parents.maxCompletionLength = static_cast<int>(parsed.config.evaluation.max_completion_length);
    return parents;
}

std::string keepYaml(const std::string& name, const std::string& recipe, const std::vector<BenchTask>& tasks,
                     int problems, int maxCompletionLength) {
    Json values = {{"name", name}, {"merge", {{"recipe", recipe}}}};
    for (const BenchTask& task : tasks) values["data"][task.isFile ? "files" : "tasks"].push_back(task.value);
    values["evaluation"] = {{"num_problems", problems}, {"max_completion_length", maxCompletionLength}};
    return toYaml("merge", values, true);
}

}  // namespace retort
