#include "core/runlog/follower.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string_view>

#include "core/runlog/codec.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::size_t longestLine = std::size_t(64) << 20;
constexpr std::size_t mostProblems = 100;

class LogFile {
  public:
    explicit LogFile(const fs::path& path) : m_path(path), m_fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
        if (m_fd < 0 && errno != ENOENT) fail("open");
    }
    ~LogFile() {
        if (m_fd >= 0) ::close(m_fd);
    }
    LogFile(const LogFile&) = delete;
    LogFile& operator=(const LogFile&) = delete;

    bool isThere() const { return m_fd >= 0; }

    std::int64_t size() const {
        struct stat info;
        if (::fstat(m_fd, &info) != 0) fail("look at");
        return info.st_size;
    }

    /// Appends up to `count` bytes from `offset` to `buffer`; fewer only at the end of the file.
    void read(std::int64_t offset, std::size_t count, std::string& buffer) const {
        const std::size_t before = buffer.size();
        buffer.resize(before + count);
        std::size_t got = 0;
        while (got < count) {
            const ssize_t n =
                ::pread(m_fd, buffer.data() + before + got, count - got, offset + std::int64_t(got));
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) fail("read");
            if (n == 0) break;
            got += std::size_t(n);
        }
        buffer.resize(before + got);
    }

  private:
    [[noreturn]] void fail(const char* action) const {
        throw Error(std::string("cannot ") + action + " the log: " + std::strerror(errno), m_path.string());
    }

    fs::path m_path;
    int m_fd;
};

// One pass over the whole lines of a buffer.
class Pass {
  public:
    Pass(const LogFile& file, const fs::path& path, std::int64_t offset, FollowerBatch& batch)
        : m_file(file), m_name(path.filename().string()), m_start(offset), m_batch(batch) {}

    void line(std::string_view text) {
        ++m_lines;
        if (text.find_first_not_of(" \t\r") == std::string_view::npos) return;
        try {
            accept(m_decoder.decode(text));
        } catch (const Error& error) {
            ++m_foreign;
            problem(error.what());
        }
    }

    void tooLong() {
        ++m_lines;
        ++m_foreign;
        problem("a line of more than 64 MB, skipped");
    }

    void finish() {
        if (m_problems > mostProblems)
            m_batch.problems.push_back(m_name + ": and " + std::to_string(m_problems - mostProblems) +
                                       " more problems");
    }

  private:
    void accept(Event event) {
        const std::int64_t expected = m_batch.lastSeq + 1;
        if (event.seq < expected) {
            problem("seq " + std::to_string(event.seq) + " follows " + std::to_string(m_batch.lastSeq) +
                    ": said before, skipped");
            return;
        }
        // A foreign line may have been one of ours once: it explains one missing number.
        if (event.seq > expected + m_foreign)
            problem("seq " + std::to_string(event.seq) + " follows " + std::to_string(m_batch.lastSeq) +
                    ": " + std::to_string(event.seq - expected) + " events are missing");
        m_foreign = 0;
        m_batch.lastSeq = event.seq;
        m_batch.events.push_back(std::move(event));
    }

    void problem(const std::string& text) {
        if (++m_problems > mostProblems) return;
        m_batch.problems.push_back(m_name + ":" + std::to_string(firstLine() + m_lines - 1) + ": " + text);
    }

    // Number of the buffer's first line. Only a byte offset is kept between calls, so the lines before it are
    // counted when there is something to say about one.
    std::int64_t firstLine() {
        if (m_firstLine == 0) {
            m_firstLine = 1;
            std::string chunk;
            for (std::int64_t at = 0; at < m_start; at += std::int64_t(chunk.size())) {
                chunk.clear();
                m_file.read(at, std::size_t(std::min<std::int64_t>(m_start - at, 1 << 20)), chunk);
                if (chunk.empty()) break;
                m_firstLine += std::count(chunk.begin(), chunk.end(), '\n');
            }
        }
        return m_firstLine;
    }

    const LogFile& m_file;
    std::string m_name;
    std::int64_t m_start;
    FollowerBatch& m_batch;
    EventDecoder m_decoder;
    std::int64_t m_lines = 0, m_firstLine = 0, m_foreign = 0;
    std::size_t m_problems = 0;
};

// Offset behind the newline that ends the line at `offset`; -1 when it has not been written yet.
std::int64_t endOfLine(const LogFile& file, std::int64_t offset) {
    std::string chunk;
    for (;;) {
        chunk.clear();
        file.read(offset, 1 << 20, chunk);
        if (chunk.empty()) return -1;
        if (const auto newline = chunk.find('\n'); newline != std::string::npos)
            return offset + std::int64_t(newline) + 1;
        offset += std::int64_t(chunk.size());
    }
}

}  // namespace

RunLogFollower::RunLogFollower(fs::path eventsFile) : m_file(std::move(eventsFile)) {}

FollowerBatch RunLogFollower::read(std::int64_t offset, std::int64_t lastSeq, std::size_t maxBytes) const {
    FollowerBatch batch;
    batch.offset = offset;
    batch.lastSeq = lastSeq;
    const LogFile file(m_file);
    const std::int64_t size = file.isThere() ? file.size() : 0;
    if (size < offset) {
        batch.problems.push_back(m_file.filename().string() + ": has " + std::to_string(size) +
                                 " bytes, but " + std::to_string(offset) +
                                 " were read before: the log shrank, nothing more is read");
        return batch;
    }
    if (size == offset) return batch;

    const std::size_t wanted =
        std::size_t(std::min<std::int64_t>(size - offset, std::int64_t(std::max<std::size_t>(maxBytes, 1))));
    std::string buffer;
    file.read(offset, wanted, buffer);
    while (buffer.find('\n') == std::string::npos && buffer.size() <= longestLine &&
           offset + std::int64_t(buffer.size()) < size) {
        const std::size_t before = buffer.size();
        file.read(offset + std::int64_t(before), std::max<std::size_t>(before, 4096), buffer);
        if (buffer.size() == before) break;
    }

    Pass pass(file, m_file, offset, batch);
    std::size_t begin = 0;
    for (std::size_t newline; (newline = buffer.find('\n', begin)) != std::string::npos; begin = newline + 1)
        if (newline - begin > longestLine)
            pass.tooLong();
        else
            pass.line(std::string_view(buffer).substr(begin, newline - begin));
    if (begin == 0 && buffer.size() > longestLine) {
        const std::int64_t end = endOfLine(file, offset + std::int64_t(buffer.size()));
        if (end >= 0) {
            pass.tooLong();
            begin = std::size_t(end - offset);
        }
    }
    pass.finish();
    batch.offset = offset + std::int64_t(begin);
    batch.atEnd = begin == 0 || offset + std::int64_t(std::max(buffer.size(), begin)) >= size;
    return batch;
}

}  // namespace retort
