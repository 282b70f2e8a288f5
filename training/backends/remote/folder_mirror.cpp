#include "training/backends/remote/folder_mirror.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <thread>

#include "core/util/clock.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"
#include "training/backends/remote/ssh_advice.h"
#include "training/backends/remote/work_place.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

using std::chrono::milliseconds;

constexpr const char* arrivingName = "arriving";
constexpr milliseconds everyLook{1000}, firstDelay{500}, longestDelay{4000}, patientDelay{30000};

}  // namespace

/// Held for one round: what is written here is one program's affair at a time.
class FolderMirror::Lock {
  public:
    Lock(const fs::path& home, const Stop& stop) : m_home(home) {
        const fs::path file = home / "lock";
        m_fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (m_fd < 0)
            throw Error(std::string("cannot lock the mirror: ") + std::strerror(errno), file.string());
        while (::flock(m_fd, LOCK_EX | LOCK_NB) != 0) {
            const bool isOver = (errno != EWOULDBLOCK && errno != EINTR) || (stop && stop());
            if (isOver) {
                ::close(m_fd);
                throw Error("cancelled", home.string());
            }
            std::this_thread::sleep_for(milliseconds(50));
        }
    }
    /// What arrived and has no place is of no use to anybody.
    ~Lock() {
        std::error_code ignored;
        fs::remove_all(m_home / arrivingName, ignored);
        ::close(m_fd);
    }
    Lock(const Lock&) = delete;
    Lock& operator=(const Lock&) = delete;

  private:
    fs::path m_home;
    int m_fd = -1;
};

FarFolder FolderMirror::find(const Machine& machine, const std::string& path, const Stop& stop) {
    const auto shell = Shell::ssh(machine);
    const CommandResult result = shell->wait(folderScript(path), QByteArray(), stop);
    return parseFolder(machine.name, path, result.exitCode, result.out);
}

FolderMirror::FolderMirror(Machine machine, FarFolder folder, fs::path mirrors)
    : m_machine(std::move(machine)),
      m_folder(std::move(folder)),
      m_mirrors(std::move(mirrors)),
      m_home(m_folder.home(m_mirrors)),
      m_root(FarFolder{m_folder.machine, m_folder.path, {}}.content(m_mirrors)),
      m_arriving(m_home / arrivingName),
      m_delay(firstDelay) {
    if (!m_folder.only.empty()) m_names = {m_folder.only};
    saveFarFolder(m_folder, m_mirrors);
    std::error_code code;
    // mirrors may be reached through a link; what is recognised has the canonical path.
    m_root = fs::canonical(m_root, code);
    if (code) throw Error("the mirror cannot be entered: " + code.message(), m_home.string());
}

FolderMirror::~FolderMirror() = default;

void FolderMirror::want(const std::vector<fs::path>& wanted, bool isAll) {
    m_wanted.clear();
    for (const fs::path& each : wanted) m_wanted.insert(each.lexically_relative(m_root).string());
    m_wantsAll = m_wanted.contains(".");
    m_names.clear();
    if (isAll) m_names.assign(m_wanted.begin(), m_wanted.end());
    if (!m_folder.only.empty()) m_names = {m_folder.only};
}

/// Of many thousand files, and as many that are wanted: by looking up each folder above it.
bool FolderMirror::isWanted(const std::string& name) const {
    if (m_wantsAll || m_wanted.contains(name)) return true;
    for (std::size_t end = name.find('/'); end != std::string::npos; end = name.find('/', end + 1))
        if (m_wanted.contains(name.substr(0, end))) return true;
    return false;
}

fs::path FolderMirror::here(const std::string& name) const {
    return m_root / name;
}

/// As there, but never in the future: a clock that is hours ahead would make a file look half written for as
/// long.
void FolderMirror::setTime(const fs::path& file, double modified) const {
    if (modified <= 0) return;
    const double t = std::min(modified - m_skew, unixTime());
    const timespec time{time_t(std::floor(t)), long((t - std::floor(t)) * 1e9)};
    const timespec times[2] = {time, time};
    ::utimensat(AT_FDCWD, file.c_str(), times, 0);
}

void FolderMirror::load() {
    const std::string known = recordStamp();
    if (known == m_known) return;  // nobody else was here
    m_stamps.clear();
    m_stampsChanged = false;
    m_known = known;
    if (known.empty()) return;
    try {
        const Json json = Json::parse(readFile(m_home / "files.json"));
        for (const auto& [name, stamp] : json.at("files").items()) m_stamps[name] = stamp.get<std::string>();
    } catch (const Json::exception&) {  // only saves work: everything is compared again
        m_stamps.clear();
    }
}

void FolderMirror::save() {
    if (!m_stampsChanged) return;
    const Json json{{"format_version", 1}, {"files", m_stamps}};
    writeFileAtomically(m_home / "files.json",
                        json.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n");
    m_stampsChanged = false;
    m_known = recordStamp();
}

/// Changes whenever files.json does; empty: there is none.
std::string FolderMirror::recordStamp() const {
    struct stat info;
    if (::stat((m_home / "files.json").c_str(), &info) != 0) return {};
    return std::to_string(info.st_ino) + " " + std::to_string(info.st_size) + " " +
           std::to_string(info.st_mtim.tv_sec) + "." + std::to_string(info.st_mtim.tv_nsec);
}

void FolderMirror::bring(const Stop& stop, const Progress& progress) {
    MirrorProgress done;
    do {
        m_hasMore = round(stop, done, progress);
        if (stop && stop()) throw Error("cancelled", m_folder.text());
    } while (m_hasMore);
}

bool FolderMirror::keepUp(const Stop& stop) {
    if (Clock::now() < m_next) return false;
    const auto began = Clock::now();
    try {
        MirrorProgress done;
        m_hasMore = round(stop, done, nullptr);
        m_problem.clear();
        m_delay = firstDelay;
        // A large tree is not searched all the time.
        const auto took = std::chrono::duration_cast<milliseconds>(Clock::now() - began);
        m_next = m_hasMore ? Clock::now() : Clock::now() + std::max(everyLook, 5 * took);
    } catch (const Error& error) {
        m_problem = error.what();
        const bool isPatient = adviceFor(error.what_happened(), m_machine.destination).isPermanent();
        m_next = Clock::now() + (isPatient ? patientDelay : m_delay);
        m_delay = std::min(2 * m_delay, longestDelay);
    }
    return true;
}

std::vector<std::string> FolderMirror::notes() const {
    std::vector<std::string> texts;
    for (const auto& [name, note] : m_notes)
        texts.push_back((fs::path(m_folder.path) / name).string() + ": " + note);
    return texts;
}

/// One look there, and about as much as a few seconds bring; true when there is more.
bool FolderMirror::round(const Stop& stop, MirrorProgress& progress, const Progress& told) {
    if (!m_shell) m_shell = Shell::ssh(m_machine);
    const Lock lock(m_home, stop);
    load();
    const double before = unixTime();
    const CommandResult result = m_shell->wait(listingScript(m_folder, m_names), QByteArray(), stop);
    if (result.exitCode != 0)
        throw Error("the folder cannot be listed: " + lastWordsOf(result), m_folder.text());
    const FarListing listing = parseListing(result.out);
    const double skew = listing.time - (before + unixTime()) / 2;
    m_skew = std::abs(skew) < 60 ? 0 : 60 * std::round(skew / 60);
    progress.files = listing.logs.size();
    if (!listing.isWhole) m_notes["."] = "has too many files; only the first 200000 were looked at";
    bool more = false;
    std::vector<Piece> pieces = plan(listing, progress);
    if (told) told(progress);
    if (!pieces.empty()) more = fetch(pieces, stop, progress, told) || more;
    for (const FarLog& log : listing.logs)
        if (log.kind == FarLog::Kind::Database) {
            std::vector<FarLog> files = {log};
            for (const FarLog& each : listing.beside)
                if (each.name == log.name + "-wal" || each.name == log.name + "-journal")
                    files.push_back(each);
            more = bringDatabase(files, stop, progress, told) || more;
        }
    save();
    return more;
}

}  // namespace retort
