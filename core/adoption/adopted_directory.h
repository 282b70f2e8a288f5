// The run directories of adopted runs: found again by their source, made once, held by one process.
#pragma once

#include "core/adoption/found_run.h"
#include "core/runlog/run_directory.h"

namespace retort {

/// RunIdentity::recipe of such runs.
inline constexpr std::string_view adoptedRecipe = "adopted";

/// The directory of the run with this id among those in a folder of runs.
std::optional<std::filesystem::path> adoptedDirectory(const std::filesystem::path& runsFolder,
                                                      const std::string& id);

/// The run of this source, made when there is none; `name` empty: as its files call it.
RunDirectory openAdopted(const FoundRun& found, const std::filesystem::path& runsFolder,
                         const std::string& name, bool& isNew);

/// config.yaml: what the files tell.
std::string adoptedConfig(const std::filesystem::path& root, const Json& config);

/// Held while a run is followed; throws Error when another process holds it. Not run.lock: that one says that
/// a trainer lives.
class FollowLock {
  public:
    explicit FollowLock(const std::filesystem::path& run);
    ~FollowLock();
    FollowLock(const FollowLock&) = delete;
    FollowLock& operator=(const FollowLock&) = delete;

  private:
    int m_fd = -1;
};

}  // namespace retort
