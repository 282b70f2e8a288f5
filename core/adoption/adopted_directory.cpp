#include "core/adoption/adopted_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/adoption/adoption_record.h"
#include "core/adoption/far_folder.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

/// With which the name of a run's folder ends (RunDirectory::create).
std::string folderEnd(const std::string& id) {
    return std::string("-").append(id, 0, 8);
}

/// Held for a moment: of two processes that adopt the same source first, one makes the run.
class MakingLock {
  public:
    explicit MakingLock(const fs::path& folder)
        : m_fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
        while (m_fd >= 0 && ::flock(m_fd, LOCK_EX) != 0 && errno == EINTR) {
        }
    }
    ~MakingLock() {
        if (m_fd >= 0) ::close(m_fd);
    }
    MakingLock(const MakingLock&) = delete;
    MakingLock& operator=(const MakingLock&) = delete;

  private:
    int m_fd;
};

RunDirectory makeRun(const FoundRun& found, const fs::path& runsFolder, const std::string& wanted,
                     const std::string& id) {
    RunIdentity identity;
    identity.id = id;
    identity.recipe = adoptedRecipe;
    identity.program = "retort adopt";
    identity.environment = Json{{"adopted_from", sourceText(found.root)}, {"kinds", found.summary()}};
    std::string name = wanted.empty() ? found.name : wanted;
    if (name.empty()) name = found.root.filename().string();
    return RunDirectory::create(runsFolder, name, adoptedConfig(found.root, Json::object()), identity);
}

/// Folders that a killed process began to make: RunDirectory writes run.json last.
void removeHalfMade(const fs::path& runsFolder, const std::string& id) {
    const std::string end = folderEnd(id);
    std::error_code code;
    for (fs::directory_iterator entry(runsFolder, code), last; !code && entry != last;
         entry.increment(code)) {
        std::error_code ignored;
        if (entry->path().filename().string().ends_with(end) &&
            !fs::exists(entry->path() / "run.json", ignored) &&
            !fs::exists(entry->path() / "events.jsonl", ignored))
            fs::remove_all(entry->path(), ignored);
    }
}

}  // namespace

std::optional<fs::path> adoptedDirectory(const fs::path& runsFolder, const std::string& id) {
    const std::string end = folderEnd(id);
    std::error_code code;
    for (fs::directory_iterator entry(runsFolder, code), last; !code && entry != last;
         entry.increment(code)) {
        if (!entry->path().filename().string().ends_with(end)) continue;
        std::error_code ignored;
        if (!fs::exists(entry->path() / "run.json", ignored)) continue;
        if (RunDirectory::open(entry->path()).identity().id == id) return entry->path();
    }
    return std::nullopt;
}

RunDirectory openAdopted(const FoundRun& found, const fs::path& runsFolder, const std::string& name,
                         bool& isNew) {
    const std::string id = found.id();
    std::error_code code;
    fs::create_directories(runsFolder, code);
    const MakingLock lock(runsFolder);
    if (const auto known = adoptedDirectory(runsFolder, id)) return RunDirectory::open(*known);
    removeHalfMade(runsFolder, id);
    isNew = true;
    return makeRun(found, runsFolder, name, id);
}

std::string adoptedConfig(const fs::path& root, const Json& config) {
    return adoptedYaml(
        "Adopted from " + Json(sourceText(root)).dump(-1, ' ', false, Json::error_handler_t::replace),
        config);
}

FollowLock::FollowLock(const fs::path& run) {
    const fs::path file = run / "adopted.lock";
    m_fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (m_fd < 0) throw Error(std::string("cannot lock the run: ") + std::strerror(errno), file.string());
    if (::flock(m_fd, LOCK_EX | LOCK_NB) == 0) return;
    const int code = errno;
    ::close(m_fd);
    if (code == EWOULDBLOCK)
        throw Error("another program follows this run already", run.string(),
                    "end that one first, or let it go on");
    throw Error(std::string("cannot lock the run: ") + std::strerror(code), file.string());
}

FollowLock::~FollowLock() {
    ::close(m_fd);
}

}  // namespace retort
