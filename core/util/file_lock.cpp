#include "core/util/file_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

#include "core/util/error.h"

namespace retort {

int takeFileLock(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0) throw Error(std::string("cannot open the lock: ") + std::strerror(errno), file.string());
    // isFileLocked() holds a shared lock for the moment of its question; only a lock that stays is another's.
    for (int attempt = 0; ::flock(fd, LOCK_EX | LOCK_NB) != 0; ++attempt) {
        const int code = errno;
        if (code == EWOULDBLOCK && attempt < 20) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            continue;
        }
        if (code == EINTR) continue;
        ::close(fd);
        if (code == EWOULDBLOCK) return -1;
        throw Error(std::string("cannot lock: ") + std::strerror(code), file.string());
    }
    return fd;
}

bool isFileLocked(const std::filesystem::path& file) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return false;
    const bool held = ::flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(fd);
    return held;
}

}  // namespace retort
