// remote.json in a run directory: the directory is the mirror of one on another machine, whose log is
// appended to this one as it grows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace retort {

struct RemoteRun {
    std::string machine;    ///< its name in the store
    std::string directory;  ///< the run directory there, absolute
    std::string program;    ///< retort-cli there, absolute
    std::string scheduler = "none";
    std::string job;  ///< the scheduler's number of it; empty: none (yet)
    /// Sizes there when the last attempt began: what is behind belongs to it.
    std::int64_t eventsOffset = 0, standardErrorOffset = 0;
    /// The last attempt's end was seen: nothing more comes until it is started again.
    bool ended = false;

    bool operator==(const RemoteRun&) const = default;
};

/// Nothing where there is no remote.json. Throws Error for a malformed one.
std::optional<RemoteRun> readRemoteRun(const std::filesystem::path& runDirectory);
void writeRemoteRun(const std::filesystem::path& runDirectory, const RemoteRun& run);
/// Whether the directory mirrors a run on another machine: the lock in it says nothing then.
bool isRemoteRun(const std::filesystem::path& runDirectory);
/// Whether a scheduler still has the run's job (control/slurm.json, training/backends/slurm/slurm_note.h):
/// while it waits or is requeued nobody holds the lock.
bool hasOpenJob(const std::filesystem::path& runDirectory);

}  // namespace retort
