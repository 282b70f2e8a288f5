#include "core/util/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <sstream>

#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

[[noreturn]] void fail(const char* action, const fs::path& path) {
    const int code = errno;
    throw Error(std::string("cannot ") + action + ": " + std::strerror(code), path.string(),
                code == ENOSPC ? "free some space on this disk" : "");
}

struct Descriptor {
    int fd;
    ~Descriptor() {
        if (fd >= 0) ::close(fd);
    }
};

}  // namespace

std::string readFile(const fs::path& path, std::size_t maxBytes) {
    std::error_code code;
    if (fs::is_directory(path, code)) throw Error("is a folder, a file was expected", path.string());
    std::ifstream in(path, std::ios::binary);
    if (!in) fail("open", path);
    const auto size = fs::file_size(path, code);
    if (!code && size > maxBytes)
        throw Error("file has " + std::to_string(size) + " bytes, at most " + std::to_string(maxBytes) +
                        " are accepted here",
                    path.string());
    std::ostringstream content;
    content << in.rdbuf();
    return std::move(content).str();
}

void writeFileAtomically(const fs::path& path, std::string_view content) {
    fs::path temporary = path;
    temporary += ".tmp" + std::to_string(::getpid());
    {
        Descriptor file{::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
        if (file.fd < 0) fail("write", path);
        const char* data = content.data();
        std::size_t left = content.size();
        while (left > 0) {
            const ssize_t n = ::write(file.fd, data, left);
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) {
                const int code = errno;
                ::unlink(temporary.c_str());
                errno = code;
                fail("write", path);
            }
            data += n;
            left -= std::size_t(n);
        }
        if (::fsync(file.fd) != 0) fail("sync", path);
    }
    if (::rename(temporary.c_str(), path.c_str()) != 0) fail("rename into place", path);
    syncPath(path.parent_path().empty() ? fs::path(".") : path.parent_path());
}

void syncPath(const fs::path& path) {
    Descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.fd >= 0) ::fsync(file.fd);
}

fs::path userDataFolder() {
    if (const char* home = std::getenv("RETORT_HOME"); home && *home) return home;
    if (const char* data = std::getenv("XDG_DATA_HOME"); data && *data) return fs::path(data) / "retort";
    const char* home = std::getenv("HOME");
    return fs::path(home && *home ? home : ".") / ".local" / "share" / "retort";
}

}  // namespace retort
