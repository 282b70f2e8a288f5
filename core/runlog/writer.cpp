#include "core/runlog/writer.h"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>
#include <thread>
#include <vector>

#include "core/runlog/codec.h"
#include "core/runlog/follower.h"
#include "core/util/clock.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

using Clock = std::chrono::steady_clock;

// The writer looks into the queue this often instead of being woken: a wake-up costs the training thread a
// system call and, on a busy machine, its core.
constexpr auto pollInterval = std::chrono::milliseconds(8);
constexpr auto syncInterval = std::chrono::milliseconds(900);
constexpr auto retryInterval = std::chrono::milliseconds(500);
// What may wait in memory while the disk takes nothing; beyond it events are dropped, and counted.
constexpr std::size_t mostPendingBytes = std::size_t(256) << 20;

struct Said {
    double t;
    EventPayload payload;
};

struct LogSummary {
    std::int64_t offset = 0, lastSeq = 0, lastStep = 0;
    std::int32_t attempts = 0;
};

LogSummary summarise(const fs::path& file) {
    LogSummary summary;
    const RunLogFollower follower(file);
    FollowerBatch batch;
    do {
        batch = follower.read(summary.offset, summary.lastSeq);
        summary.offset = batch.offset;
        summary.lastSeq = batch.lastSeq;
        for (const Event& event : batch.events) {
            if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
                summary.lastStep = scalars->step;
            if (std::holds_alternative<StartEvent>(event.payload)) ++summary.attempts;
        }
    } while (!batch.atEnd);
    return summary;
}

int openLog(const fs::path& file) {
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0644);
    if (fd < 0)
        throw Error(std::string("cannot write the run's log: ") + std::strerror(errno), file.string());
    return fd;
}

}  // namespace

struct RunLogWriter::Impl {
    explicit Impl(const fs::path& file) : m_file(file), m_fd(openLog(file)) {
        try {
            m_opened = summarise(file);
        } catch (...) {
            ::close(m_fd);
            throw;
        }
        m_seq = m_opened.lastSeq;
        m_end = m_opened.offset;
        // /dev/full and pipes cannot be cut, and have nothing to cut.
        if (::ftruncate(m_fd, m_end) != 0 && errno != EINVAL) {
            const int code = errno;
            ::close(m_fd);
            throw Error(std::string("cannot cut off the torn last line: ") + std::strerror(code),
                        file.string());
        }
        m_thread = std::thread([this] { run(); });
    }

    ~Impl() {
        {
            const std::lock_guard lock(m_mutex);
            m_stopping = true;
        }
        m_wake.notify_one();
        m_thread.join();
        ::close(m_fd);
    }

    void push(EventPayload payload) {
        const double now = unixTime();
        const std::lock_guard lock(m_mutex);
        m_queue.push_back({now, std::move(payload)});
    }

    void sync() {
        std::unique_lock lock(m_mutex);
        const std::uint64_t ticket = ++m_syncsAsked;
        m_wake.notify_one();
        m_synced.wait(lock, [&] { return m_syncsDone >= ticket; });
    }

    std::string failure() const {
        const std::lock_guard lock(m_mutex);
        return m_failure;
    }

    LogSummary m_opened;

  private:
    void run() {
        std::vector<Said> batch;
        for (;;) {
            std::uint64_t syncTicket = 0;
            bool stopping = false;
            {
                std::unique_lock lock(m_mutex);
                m_wake.wait_for(lock, pollInterval,
                                [this] { return m_stopping || m_syncsAsked > m_syncsDone; });
                batch.swap(m_queue);
                syncTicket = m_syncsAsked;
                stopping = m_stopping;
            }
            const bool syncNow = stopping || syncTicket > m_syncsDone;
            encode(batch);
            batch.clear();
            if (!m_pending.empty() && (syncNow || Clock::now() >= m_retryAt)) writePending();
            if (m_dirty && (syncNow || Clock::now() - m_lastSync >= syncInterval)) syncFile();
            if (syncNow) {
                const std::lock_guard lock(m_mutex);
                m_syncsDone = syncTicket;
                m_synced.notify_all();
            }
            if (stopping) return;
        }
    }

    // No lock is held here: the training thread never waits for the encoder.
    void encode(std::vector<Said>& batch) {
        for (Said& said : batch) {
            if (m_pending.size() > mostPendingBytes) {
                ++m_dropped;
                continue;
            }
            if (m_dropped > 0) {
                const std::string text =
                    std::to_string(m_dropped) + " events were lost: the disk took no more";
                m_dropped = 0;
                encodeEvent({++m_seq, said.t, MessageEvent{"error", text}}, m_pending);
            }
            encodeEvent({++m_seq, said.t, std::move(said.payload)}, m_pending);
        }
    }

    // All of it or nothing: what a full disk tore is cut off again, and the whole is tried again later.
    void writePending() {
        std::size_t written = 0;
        while (written < m_pending.size()) {
            const ssize_t n = ::pwrite(m_fd, m_pending.data() + written, m_pending.size() - written,
                                       m_end + std::int64_t(written));
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) {
                setFailure("write", n < 0 ? errno : EIO);
                keepWholeLines(written);
                m_retryAt = Clock::now() + retryInterval;
                return;
            }
            written += std::size_t(n);
        }
        m_end += std::int64_t(written);
        m_pending.clear();
        if (m_pending.capacity() > (1u << 20)) m_pending.shrink_to_fit();
        m_dirty = true;
        setFailure({}, 0);
    }

    void keepWholeLines(std::size_t written) {
        const std::size_t newline = written == 0 ? std::string::npos : m_pending.rfind('\n', written - 1);
        const std::size_t whole = newline == std::string::npos ? 0 : newline + 1;
        m_end += std::int64_t(whole);
        m_pending.erase(0, whole);
        m_dirty = m_dirty || whole > 0;
        [[maybe_unused]] const int ignored =
            ::ftruncate(m_fd, m_end);  // fails only where nothing can be torn
    }

    void syncFile() {
        // EINVAL: a device or pipe, which has no disk behind it.
        if (::fdatasync(m_fd) != 0 && errno != EINVAL && errno != EROFS) setFailure("sync", errno);
        m_dirty = false;
        m_lastSync = Clock::now();
    }

    void setFailure(const char* action, int code) {
        std::string text;
        if (code != 0)
            text =
                m_file.string() + ": cannot " + action + " the run's log: " + std::strerror(code) +
                (code == ENOSPC || code == EDQUOT ? " (free some space; what was said since waits in memory)"
                                                  : "");
        const std::lock_guard lock(m_mutex);
        m_failure = std::move(text);
    }

    const fs::path m_file;
    const int m_fd;
    std::thread m_thread;

    mutable std::mutex m_mutex;
    std::condition_variable m_wake, m_synced;
    std::vector<Said> m_queue;
    std::string m_failure;
    std::uint64_t m_syncsAsked = 0;
    bool m_stopping = false;
    std::atomic<std::uint64_t> m_syncsDone =
        0;  // written under the mutex, read by the writer thread without it

    // The writer thread's own.
    std::int64_t m_seq = 0, m_end = 0, m_dropped = 0;
    std::string m_pending;
    bool m_dirty = false;
    Clock::time_point m_lastSync = Clock::now(), m_retryAt{};
};

RunLogWriter::RunLogWriter(const fs::path& eventsFile) : m_impl(std::make_unique<Impl>(eventsFile)) {}
RunLogWriter::~RunLogWriter() = default;
void RunLogWriter::write(EventPayload payload) {
    m_impl->push(std::move(payload));
}
void RunLogWriter::sync() {
    m_impl->sync();
}
std::string RunLogWriter::failure() const {
    return m_impl->failure();
}
std::int64_t RunLogWriter::lastStep() const {
    return m_impl->m_opened.lastStep;
}
std::int32_t RunLogWriter::attempts() const {
    return m_impl->m_opened.attempts;
}

}  // namespace retort
