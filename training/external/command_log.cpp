#include "training/external/command_log.h"

#include <algorithm>
#include <cstdio>
#include <thread>

#include "core/util/clock.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds longestRetry(10'000), lookInterval(1000);
constexpr int lookShare = 50;     // looking for new logs costs at most one part in so many of the time
constexpr int mostMessages = 50;  // of what is wrong with the command's logs, an attempt

/// Now, by the clock by which the files of a folder get their times: a file server's may be another one.
double timeOfDisk(const fs::path& folder) {
    const fs::path file = folder / "began";
    try {
        writeFileAtomically(file, "");
        const auto time = std::chrono::file_clock::to_sys(fs::last_write_time(file));
        return std::chrono::duration<double>(time.time_since_epoch()).count();
    } catch (const std::exception&) {  // a full disk
        return unixTime();
    }
}

}  // namespace

CommandLog::CommandLog(const RunDirectory& run, const CommandFolders& folders,
                       const ExternalSettings& settings)
    : m_run(run), m_folders(folders), m_settings(settings) {
    m_found = {folders.run, "external", {}, {{FoundSource::Type::RunLog, {}, folders.logFile(), {}}}};
    open();
    m_attempts = m_log->state().attempts;
    m_step = m_log->state().step;
    m_totalSteps = m_log->state().totalSteps;
}

void CommandLog::open() {
    AdoptSettings settings;
    settings.mapping = columnMappingOf(m_settings.columns);
    settings.isFollowed = !m_isSettled;
    m_log = std::make_unique<AdoptedRun>(m_run, m_folders.external, m_found, settings);
    if (m_isSettled) m_log->settle(m_endedWell);
}

void CommandLog::beginFollowing() {
    m_began = unixTime();
    // File systems keep times in steps of some milliseconds, and of up to 2 s.
    m_finder = std::make_unique<LogFinder>(m_folders, m_settings, timeOfDisk(m_folders.external) - 2);
    attempt([this] {
        m_finder->know(AdoptionRecord::load(m_folders.external));
        lookForLogs();
    });
}

/// The log takes nothing more after a failure, and is opened again a while later: from its lines it is known
/// what is there.
bool CommandLog::attempt(const std::function<void()>& action) {
    if (!m_failure.empty() && Clock::now() < m_retryAt) return false;
    try {
        if (!m_log) open();
        action();
        m_failure.clear();
        m_retryAfter = milliseconds(500);
        return true;
    } catch (const std::exception& error) {  // what a file system throws, too: the command goes on
        if (m_failure.empty()) std::fprintf(stderr, "retort-cli: %s\n", error.what());
        m_failure = error.what();
        m_log.reset();
        m_retryAt = Clock::now() + m_retryAfter;
        m_retryAfter = std::min(2 * m_retryAfter, longestRetry);
        return false;
    }
}

void CommandLog::write() {
    for (const auto& [t, payload] : m_waiting) m_log->say(t, payload);
    m_log->flush();
    m_waiting.clear();
}

void CommandLog::say(EventPayload payload) {
    m_waiting.emplace_back(unixTime(), std::move(payload));
    attempt([this] { write(); });
}

void CommandLog::passOn(const std::vector<std::string>& texts, const char* level) {
    for (const std::string& text : texts)
        if (++m_messages <= mostMessages) m_waiting.emplace_back(unixTime(), MessageEvent{level, text});
}

void CommandLog::lookForLogs() {
    const auto before = Clock::now();
    FoundRun found = m_finder->look();
    if (found.sources != m_found.sources) {
        m_found = std::move(found);
        m_log->update(m_found);
    }
    passOn(m_finder->takeNotes(), "info");
    const auto cost = std::chrono::duration_cast<milliseconds>(Clock::now() - before);
    m_lookAt = Clock::now() + std::max(lookInterval, lookShare * cost);
}

bool CommandLog::poll(milliseconds budget) {
    bool atEnd = false;
    const bool done = attempt([&] {
        write();
        if (m_finder && (Clock::now() >= m_lookAt || m_isSettled)) lookForLogs();
        atEnd = m_log->poll(budget).atEnd;
        passOn(m_log->takeProblems(), "warning");
        m_step = m_log->state().step;
        m_totalSteps = m_log->state().totalSteps;
        if (!m_waiting.empty()) write();
    });
    return done && atEnd;
}

void CommandLog::settle(bool endedWell) {
    m_isSettled = true;
    m_endedWell = endedWell;
    if (m_log) m_log->settle(endedWell);
}

std::optional<EndEvent> CommandLog::commandsEnd() const {
    const auto end = m_log ? m_log->commandsEnd() : std::nullopt;
    if (!end || end->first < m_began) return std::nullopt;
    return end->second;
}

bool CommandLog::close(std::chrono::seconds longest) {
    const auto until = Clock::now() + longest;
    for (;;) {
        if (attempt([this] {
                write();
                m_log->sync();
            })) {
            m_log.reset();  // which remembers how far the files were read
            return true;
        }
        if (Clock::now() >= until) return false;
        std::this_thread::sleep_for(milliseconds(100));
    }
}

}  // namespace retort
