#include "core/store/log_watch.h"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

namespace retort {

LogWatch::LogWatch()
    : m_inotify(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC)),
      m_wake(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)) {}

LogWatch::~LogWatch() {
    if (m_inotify >= 0) ::close(m_inotify);
    if (m_wake >= 0) ::close(m_wake);
}

bool LogWatch::add(RowId run, const std::filesystem::path& directory) {
    if (m_inotify < 0) return false;
    // The folder rather than the file, which may not be there yet.
    const int watch = ::inotify_add_watch(m_inotify, directory.c_str(), IN_MODIFY | IN_CREATE | IN_MOVED_TO);
    if (watch < 0) return false;
    m_runs[watch] = run;
    return true;
}

void LogWatch::remove(RowId run) {
    for (auto watch = m_runs.begin(); watch != m_runs.end();)
        if (watch->second == run) {
            ::inotify_rm_watch(m_inotify, watch->first);
            watch = m_runs.erase(watch);
        } else {
            ++watch;
        }
}

std::vector<RowId> LogWatch::wait(int milliseconds) {
    pollfd files[2] = {{m_wake, POLLIN, 0}, {m_inotify, POLLIN, 0}};
    std::vector<RowId> changed;
    if (::poll(files, m_inotify >= 0 ? 2 : 1, milliseconds) <= 0) return changed;
    std::uint64_t count;
    while (::read(m_wake, &count, sizeof count) > 0) {
    }
    if (m_inotify < 0) return changed;
    alignas(inotify_event) char buffer[16384];
    for (ssize_t size; (size = ::read(m_inotify, buffer, sizeof buffer)) > 0;)
        for (const char* at = buffer; at < buffer + size;) {
            const auto* event = reinterpret_cast<const inotify_event*>(at);
            at += sizeof(inotify_event) + event->len;
            const auto run = m_runs.find(event->wd);
            if (run == m_runs.end() || event->len == 0 || std::strcmp(event->name, "events.jsonl") != 0)
                continue;
            if (std::find(changed.begin(), changed.end(), run->second) == changed.end())
                changed.push_back(run->second);
        }
    return changed;
}

void LogWatch::wake() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t ignored = ::write(m_wake, &one, sizeof one);
}

}  // namespace retort
