// The log of a run whose trainer is a command: its one writer. What the command's logs say and what the
// supervisor says go through it; a disk that takes nothing for a while loses nothing.
#pragma once

#include <chrono>
#include <deque>
#include <memory>

#include "core/adoption/adopted_run.h"
#include "training/external/log_finder.h"

namespace retort {

class CommandLog {
  public:
    /// Throws Error when it cannot be opened or written.
    CommandLog(const RunDirectory& run, const CommandFolders& folders, const ExternalSettings& settings);

    /// Attempts before this one.
    std::int32_t attempts() const { return m_attempts; }
    std::int64_t step() const { return m_step; }
    std::int64_t totalSteps() const { return m_totalSteps; }

    /// Begins to follow; what changed before now is an earlier attempt's.
    void beginFollowing();
    /// An event of the supervisor. Never throws: what cannot be written waits.
    void say(EventPayload payload);
    /// Takes in what the command's logs have that is new, for about `budget`; true: that is all for now.
    bool poll(std::chrono::milliseconds budget);
    /// The command has ended: all that it wrote is there, and whole when it ended well.
    void settle(bool endedWell);
    /// What the command's own log said at its end, in this attempt.
    std::optional<EndEvent> commandsEnd() const;
    /// Writes what waits and syncs; false: it could not be written within `longest`, for `failure()`.
    bool close(std::chrono::seconds longest);
    const std::string& failure() const { return m_failure; }

  private:
    using Clock = std::chrono::steady_clock;
    void open();
    void write();
    bool attempt(const std::function<void()>& action);
    void lookForLogs();
    void passOn(const std::vector<std::string>& texts, const char* level);

    RunDirectory m_run;
    CommandFolders m_folders;
    ExternalSettings m_settings;
    std::unique_ptr<LogFinder> m_finder;
    FoundRun m_found;
    std::unique_ptr<AdoptedRun> m_log;
    std::deque<std::pair<double, EventPayload>> m_waiting;
    std::string m_failure;
    Clock::time_point m_retryAt{}, m_lookAt{};
    std::chrono::milliseconds m_retryAfter{500};
    bool m_isSettled = false, m_endedWell = false;
    std::int32_t m_attempts = 0;
    std::int64_t m_step = 0, m_totalSteps = 0;
    double m_began = 0;
    int m_messages = 0;
};

}  // namespace retort
