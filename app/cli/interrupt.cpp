#include "app/cli/interrupt.h"

#include <unistd.h>

#include <chrono>

#include "app/cli/command.h"

namespace retort::cli {
namespace {

volatile std::sig_atomic_t timesAsked = 0, timesInterrupted = 0;

// Only what is safe in a signal handler. SIGTERM may come several times before a checkpoint is written: a
// scheduler sends it to all processes of a job, and the job's script passes it on. A rank of several has it
// from the process that started it beside the Ctrl+C that the terminal gave to all of them: only two of the
// latter are a second Ctrl+C.
extern "C" void countInterrupt(int signal) {
    timesAsked = timesAsked + 1;
    if (signal != SIGINT) return;
    timesInterrupted = timesInterrupted + 1;
    if (timesInterrupted > 1) ::_exit(exitInterrupted);
}

}  // namespace

InterruptGuard::InterruptGuard() {
    timesAsked = 0;
    timesInterrupted = 0;
    struct sigaction action {};
    action.sa_handler = countInterrupt;
    sigemptyset(&action.sa_mask);
    ::sigaction(SIGINT, &action, &m_int);
    ::sigaction(SIGTERM, &action, &m_term);
    // Whoever started this process may have kept them back until now.
    sigset_t kept;
    ::sigemptyset(&kept);
    ::sigaddset(&kept, SIGINT);
    ::sigaddset(&kept, SIGTERM);
    ::pthread_sigmask(SIG_UNBLOCK, &kept, nullptr);
}

InterruptGuard::~InterruptGuard() {
    ::sigaction(SIGINT, &m_int, nullptr);
    ::sigaction(SIGTERM, &m_term, nullptr);
}

bool InterruptGuard::isAsked() {
    return timesAsked > 0;
}

InterruptStop::InterruptStop()
    : m_watcher([this](const std::stop_token& over) {
          while (!over.stop_requested() && !isAsked())
              std::this_thread::sleep_for(std::chrono::milliseconds(20));
          if (isAsked()) m_stop.request_stop();
      }) {}

}  // namespace retort::cli
