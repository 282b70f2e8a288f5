// Checkpoints of a run, whoever wrote them: checkpoints/step-00000100.
//
// Those of our own trainers are written beside and renamed, and hold a trainer.json. Those of a command
// (TRL's checkpoint-100, what retort_log.checkpoint() names) lie where the command keeps them; they are the
// run's by a link of that name, which is made when they are whole. A command that writes
// checkpoints/step-00000100 itself leaves no room for a link: a checkpoint.json in it says that it is whole.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace retort {

/// "step-00000100"
std::string checkpointFolderName(std::int64_t step);
/// Of such a name; none: it is another.
std::optional<std::int64_t> checkpointStepOf(const std::string& folderName);
/// Whether a folder of such a name in a run's checkpoints/ is whole, and still there.
bool isWholeCheckpoint(const std::filesystem::path& folder);

/// Makes a folder that a command has written, and says to be whole, the run's checkpoint of that step.
/// Returns the path that the run's log names, relative to the run directory; where that cannot be (it is gone
/// already, is no folder, another folder is in the way), `there`, relative when it lies in the run directory.
std::string takeInCheckpoint(const std::filesystem::path& runDirectory, std::int64_t step,
                             const std::filesystem::path& there);

}  // namespace retort
