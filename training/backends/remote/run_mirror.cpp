#include "training/backends/remote/run_mirror.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/machines/run_server.h"
#include "core/runlog/run_directory.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

/// Locked while it lives: one writer at a time among all programs.
class LockedFile {
  public:
    explicit LockedFile(const fs::path& path) : m_path(path) {
        m_descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
        if (m_descriptor < 0) fail();
        while (::flock(m_descriptor, LOCK_EX) != 0)
            if (errno != EINTR) {
                ::close(m_descriptor);
                fail();
            }
    }
    ~LockedFile() { ::close(m_descriptor); }
    LockedFile(const LockedFile&) = delete;
    LockedFile& operator=(const LockedFile&) = delete;

    std::int64_t size() const {
        struct stat info;
        if (::fstat(m_descriptor, &info) != 0) fail();
        return info.st_size;
    }

    void write(std::int64_t at, std::string_view bytes) const {
        while (!bytes.empty()) {
            const ssize_t wrote = ::pwrite(m_descriptor, bytes.data(), bytes.size(), off_t(at));
            if (wrote < 0 && errno == EINTR) continue;
            if (wrote < 0) fail();
            bytes.remove_prefix(std::size_t(wrote));
            at += wrote;
        }
    }

  private:
    [[noreturn]] void fail() const {
        throw Error(std::string("cannot be written: ") + std::strerror(errno), m_path.string());
    }

    fs::path m_path;
    int m_descriptor;
};

}  // namespace

std::int64_t RunMirror::size(const std::string& file) const {
    std::error_code code;
    const auto size = fs::file_size(m_directory / file, code);
    return code ? 0 : std::int64_t(size);
}

std::string RunMirror::tail(const std::string& file) const {
    return tailDigest(m_directory / file, size(file));
}

bool RunMirror::append(const std::string& file, std::int64_t offset, std::string_view bytes) {
    const LockedFile out(m_directory / file);
    const std::int64_t size = out.size();
    if (offset > size) return false;
    const std::int64_t known = std::min(size - offset, std::int64_t(bytes.size()));
    out.write(size, bytes.substr(std::size_t(known)));
    return true;
}

void RunMirror::setIdentity(const std::string& text) try {
    RunDirectory run = RunDirectory::open(m_directory);
    const fs::path beside = m_directory / ".there";
    fs::create_directory(beside);
    writeFileAtomically(beside / "run.json", text);
    const RunIdentity there = RunDirectory::open(beside).identity();
    fs::remove_all(beside);
    if (there.id == run.identity().id && !(there == run.identity())) run.rewriteIdentity(there);
} catch (const std::exception&) {
    // Half written, or of another version: the one that is here stays.
}

}  // namespace retort
