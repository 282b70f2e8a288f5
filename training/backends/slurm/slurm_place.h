// Where the job of a run works: in the run's own directory where the machine with Slurm sees it as it is
// here, else in one that is placed there, of which the directory here is a mirror.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/runlog/run_directory.h"
#include "training/backends/remote/work_place.h"

namespace retort {

struct SlurmPlaces {
    std::string program;                   ///< retort-cli there
    std::vector<std::string> directories;  ///< of the runs there, absolute
    bool isShared = true;                  ///< they are the directories here
};

/// Whether the machine sees a folder of this one: what is written here is read there.
bool seesFolder(Shell& shell, const std::filesystem::path& folder,
                const std::function<bool()>& stop = nullptr);

/// Finds places for runs of one folder, with the program and what their configurations name. Blocks. Throws
/// Error.
SlurmPlaces placeSlurmRuns(
    Shell& shell, const Machine& machine, const std::vector<RunDirectory>& runs, bool isShared,
    const std::function<void(const std::string&)>& say, const std::function<bool()>& stop,
    const std::function<void(const std::string& file, std::int64_t done, std::int64_t all)>& advance = {});

}  // namespace retort
