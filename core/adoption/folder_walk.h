// The files below a folder, as far as a hostile or a huge one lets.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace retort {

struct FolderWalk {
    std::vector<std::filesystem::path> files;    ///< plain ones, sorted
    std::vector<std::filesystem::path> folders;  ///< the folder itself among them, sorted
    bool isWhole = true;                         ///< false: there were more than `most` entries
};

/// Links are passed over, and so is what holds no logs: version control, environments, model weights
/// (checkpoint-N has only its trainer_state.json), run directories of our own.
/// `walkOn` is asked with the number of files found so far; false throws Error.
FolderWalk walkFolder(const std::filesystem::path& folder,
                      const std::function<bool(std::size_t)>& walkOn = nullptr, std::size_t most = 200'000);

/// "checkpoint-120": 120; nothing for another name.
std::optional<std::int64_t> checkpointStep(const std::filesystem::path& folder);

}  // namespace retort
