// A command that runs under a guard: started, told things, watched.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "training/external/command_guard.h"

namespace retort {

class ExternalCommand {
  public:
    /// Starts it; `lock` goes to the guard. Throws Error when it cannot be started.
    ExternalCommand(const CommandStart& start, int lock);
    /// Whatever is left of it is killed.
    ~ExternalCommand();
    ExternalCommand(const ExternalCommand&) = delete;
    ExternalCommand& operator=(const ExternalCommand&) = delete;

    /// Waits for news from it, at most so long.
    void wait(std::chrono::milliseconds longest);
    void tell(GuardOrder order) const;
    /// Signals those of its processes that have a handler for it; how many there are.
    int signal(int number) const;

    /// The command itself has ended; processes that it started may still live.
    bool hasEnded() const { return m_status.has_value() || m_isGone; }
    /// Nothing of it lives.
    bool isGone() const { return m_isGone; }
    /// As of waitpid(); none: it still runs, or its guard was killed and nobody knows.
    std::optional<int> status() const { return m_status; }
    /// "python3 (1234), sh (1240)": what lives of it.
    std::string names() const;

  private:
    bool take(std::chrono::milliseconds longest);

    int m_socket = -1;
    pid_t m_guard = -1, m_pid = -1;
    std::optional<GuardReport> m_first;
    std::optional<int> m_status;
    bool m_isGone = false;
};

/// "exit status 3", "killed by SIGSEGV".
std::string statusText(int status);

}  // namespace retort
