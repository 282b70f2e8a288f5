#include "training/api/trace_judging.h"

#include "core/runlog/checkpoint_folder.h"
#include "core/runlog/run_directory.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {

std::string shortCheckpointName(const fs::path& checkpoint) {
    const fs::path path = checkpoint.has_filename() ? checkpoint : checkpoint.parent_path();
    const std::string folder = path.filename().string();
    const std::optional<std::int64_t> step = checkpointStepOf(folder);
    if (!step || path.parent_path().filename() != "checkpoints") return folder;
    const fs::path run = path.parent_path().parent_path();
    std::string name = run.filename().string();
    try {
        name = RunDirectory::open(run).identity().name;
    } catch (const Error&) {  // a folder that looks like a run's
    }
    return name + "@" + std::to_string(*step);
}

}  // namespace retort
