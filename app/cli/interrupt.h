// Ctrl+C: the first asks for a clean end, the second ends the process at once. SIGTERM asks for a clean end.
#pragma once

#include <csignal>
#include <stop_token>
#include <thread>

namespace retort::cli {

/// While it lives, SIGINT and SIGTERM are counted instead of ending the process.
class InterruptGuard {
  public:
    InterruptGuard();
    ~InterruptGuard();
    InterruptGuard(const InterruptGuard&) = delete;
    InterruptGuard& operator=(const InterruptGuard&) = delete;

    static bool isAsked();

  private:
    struct sigaction m_int {
    }, m_term{};
};

/// While it lives, Ctrl+C is a request to stop for what takes a stop token.
class InterruptStop {
  public:
    InterruptStop();

    std::stop_token token() const { return m_stop.get_token(); }
    bool isAsked() const { return InterruptGuard::isAsked(); }

  private:
    InterruptGuard m_guard;
    std::stop_source m_stop;
    std::jthread m_watcher;  // last: it ends before what it uses
};

}  // namespace retort::cli
