// How a run executes beside what its configuration says: placement.json in the run directory. It changes no
// result (but for rounding), so that it is none of the configuration's; later attempts keep it.
#pragma once

#include <cstdint>
#include <filesystem>

namespace retort {

struct Placement {
    int processes = 1;  ///< that train it together, on one machine; jobs of Slurm have tasks instead

    bool operator==(const Placement&) const = default;
};

constexpr int mostProcesses = 1024;

/// Throws Error for a number of processes that is not in 1 … mostProcesses.
void checkProcesses(std::int64_t processes);

/// Throws Error when it cannot be written.
void writePlacement(const std::filesystem::path& runDirectory, const Placement& placement);
/// The default where there is none. Throws Error for a malformed one.
Placement readPlacement(const std::filesystem::path& runDirectory);

}  // namespace retort
