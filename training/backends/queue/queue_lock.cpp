#include "training/backends/queue/queue_lock.h"

#include <unistd.h>

#include <cstdlib>

#include "core/util/error.h"
#include "core/util/file_lock.h"
#include "core/util/files.h"

namespace retort {

namespace {

std::filesystem::path fileOf(const std::filesystem::path& storeFile) {
    return storeFile.string() + ".queue";
}

}  // namespace

QueueLock::QueueLock(const std::filesystem::path& storeFile) : m_file(fileOf(storeFile)) {}

bool QueueLock::isHeld(const std::filesystem::path& storeFile) {
    return isFileLocked(fileOf(storeFile));
}

QueueLock::~QueueLock() {
    release();
}

bool QueueLock::take() {
    if (m_fd >= 0) return true;
    m_fd = takeFileLock(m_file);
    if (m_fd < 0) return false;
    const std::string text = std::to_string(::getpid()) + "\n";
    // Only for people who ask who it is: a full disk is no reason to give it up.
    [[maybe_unused]] const bool isSaid =
        ::ftruncate(m_fd, 0) == 0 && ::pwrite(m_fd, text.data(), text.size(), 0) >= 0;
    return true;
}

void QueueLock::release() {
    if (m_fd >= 0) ::close(m_fd);
    m_fd = -1;
}

std::int64_t QueueLock::holder() const try {
    return std::strtoll(readFile(m_file, 64).c_str(), nullptr, 10);
} catch (const Error&) {
    return 0;
}

}  // namespace retort
