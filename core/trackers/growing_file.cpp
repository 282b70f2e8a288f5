#include "core/trackers/growing_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xxhash.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t pieceBytes = std::size_t(1) << 20;

[[noreturn]] void fail(const char* action, const std::filesystem::path& path) {
    throw Error(std::string("cannot ") + action + ": " + std::strerror(errno), path.string());
}

}  // namespace

GrowingFile::GrowingFile(std::filesystem::path path, std::uint64_t at, FileHead head)
    : m_path(std::move(path)), m_at(at), m_head(head) {}

GrowingFile::~GrowingFile() {
    if (m_fd >= 0) ::close(m_fd);
}

GrowingFile::Look GrowingFile::look() {
    leave();
    struct stat info;
    if (::stat(m_path.c_str(), &info) != 0) {
        if (errno == ENOENT || errno == ENOTDIR) return Look::Same;
        fail("look at it", m_path);
    }
    // Opening a pipe would wait for its writer, and a device has no end.
    if (!S_ISREG(info.st_mode)) throw Error("is no plain file", m_path.string());
    const Seen seen{std::uint64_t(info.st_size), info.st_ino,
                    std::int64_t(info.st_mtim.tv_sec) * 1'000'000'000 + info.st_mtim.tv_nsec};
    if (m_hasSeen && seen == m_seen && m_at >= seen.size) return Look::Same;
    m_size = seen.size;
    m_fd = ::open(m_path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (m_fd < 0) fail("open", m_path);
    const bool replaced = m_size < m_at || (m_head.bytes > 0 && headOf(m_head.bytes) != m_head);
    if (replaced) {
        m_at = 0;
        m_head = {};
        m_hasSeen = false;
        return Look::Replaced;
    }
    m_seen = seen;
    m_hasSeen = true;
    if (m_at < m_size) return Look::More;
    leave();
    return Look::Same;
}

void GrowingFile::leave() {
    if (m_fd < 0) return;
    if (const std::uint64_t known = std::min(m_at, FileHead::most); known != m_head.bytes)
        m_head = headOf(known);
    ::close(m_fd);
    m_fd = -1;
    std::string().swap(m_buffer);  // a thousand followed files keep nothing in memory
}

FileHead GrowingFile::headOf(std::uint64_t bytes) {
    if (bytes == 0) return {};
    char first[FileHead::most];
    const ssize_t got = ::pread(m_fd, first, std::size_t(std::min(bytes, FileHead::most)), 0);
    if (got < 0) fail("read", m_path);
    return {std::uint64_t(got), XXH3_64bits(first, std::size_t(got))};
}

void GrowingFile::readInto(std::uint64_t offset, std::size_t count) {
    m_buffer.resize(count);
    std::size_t got = 0;
    while (got < count) {
        const ssize_t n = ::pread(m_fd, m_buffer.data() + got, count - got, off_t(offset + got));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) fail("read", m_path);
        if (n == 0) break;  // it was cut while we read: the next look() will see that
        got += std::size_t(n);
    }
    m_buffer.resize(got);
    m_bufferAt = offset;
}

std::string_view GrowingFile::bytes(std::uint64_t offset, std::size_t count) {
    if (offset >= m_size) return {};
    const std::uint64_t left = m_size - offset;
    const auto wanted = std::size_t(std::min<std::uint64_t>(count, left));
    const std::uint64_t end = m_bufferAt + m_buffer.size();
    if (offset < m_bufferAt || offset + wanted > end || m_buffer.empty())
        readInto(offset, std::size_t(std::min<std::uint64_t>(std::max(wanted, pieceBytes), left)));
    return std::string_view(m_buffer).substr(std::size_t(offset - m_bufferAt));
}

std::string GrowingFile::placed(std::uint64_t offset, std::string_view text) const {
    return m_path.string() + ": byte " + std::to_string(offset) + ": " + std::string(text);
}

}  // namespace retort
