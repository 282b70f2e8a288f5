#include "training/backends/launch_lock.h"

#include <unistd.h>

#include "core/util/error.h"
#include "core/util/file_lock.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

fs::path fileOf(const RunDirectory& run) {
    return run.path() / "control" / "launch.lock";
}

int take(const RunDirectory& run) {
    std::error_code code;
    fs::create_directories(fileOf(run).parent_path(), code);
    return takeFileLock(fileOf(run));
}

}  // namespace

LaunchLock::LaunchLock(const RunDirectory& run) : m_fd(take(run)) {
    if (m_fd < 0)
        throw Error("the run is already running", run.path().string(), "stop it first, or wait for its end");
}

LaunchLock::~LaunchLock() {
    ::close(m_fd);
}

bool LaunchLock::isHeld(const RunDirectory& run) {
    return isFileLocked(fileOf(run));
}

}  // namespace retort
