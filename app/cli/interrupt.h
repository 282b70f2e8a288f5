// Ctrl+C: the first asks for a clean end, the second ends the process at once.
#pragma once

#include <csignal>

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

}  // namespace retort::cli
