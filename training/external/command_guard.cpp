#include "training/external/command_guard.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <utility>

#include "training/external/process_tree.h"

namespace retort {
namespace {

using Clock = std::chrono::steady_clock;
constexpr auto orphanGrace = std::chrono::seconds(5);  // between SIGTERM and SIGKILL when nobody is in charge
constexpr int lookAfterMs = 50, orphanLookMs = 20;

void closeAllBut(int a, int b) {
    const unsigned low = unsigned(std::min(a, b)), high = unsigned(std::max(a, b));
    if (low > 3) ::close_range(3, low - 1, 0);
    if (high > low + 1) ::close_range(low + 1, high - 1, 0);
    ::close_range(high + 1, ~0u, 0);
}

void openAs(int descriptor, const char* path, int flags) {
    const int fd = ::open(path, flags | O_CLOEXEC, 0644);
    if (fd < 0) return;
    ::dup2(fd, descriptor);
    if (fd != descriptor) ::close(fd);
}

/// Its standard descriptors may be a pipe that somebody reads to its end.
void leaveStandardStreams() {
    for (const int descriptor : {0, 1, 2}) openAs(descriptor, "/dev/null", O_RDWR);
}

class Guard {
  public:
    Guard(const CommandStart& start, int socket) : m_start(start), m_socket(socket) {}

    [[noreturn]] void run() {
        sigset_t all, child;
        sigfillset(&all);
        ::sigprocmask(SIG_SETMASK, &all, nullptr);
        sigemptyset(&child);
        sigaddset(&child, SIGCHLD);
        m_signals = ::signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK);
        ::prctl(PR_SET_CHILD_SUBREAPER, 1);
        ::prctl(PR_SET_NAME, "retort-guard");
        if (!startCommand()) ::_exit(0);
        while (!isOver()) {
            wait();
            reap();
            if (m_isAlone) endOrphans();
        }
        ::_exit(0);
    }

  private:
    void report(GuardReport::Kind kind, int value) const {
        const GuardReport report{kind, value};
        [[maybe_unused]] const ssize_t ignored = ::send(m_socket, &report, sizeof report, MSG_NOSIGNAL);
    }

    bool startCommand() {
        int failure[2];
        if (::pipe2(failure, O_CLOEXEC) != 0) {
            report(GuardReport::NoProgram, errno);
            return false;
        }
        m_command = ::fork();
        if (m_command == 0) become(failure[1]);
        ::close(failure[1]);
        if (m_command < 0) {
            report(GuardReport::NoProgram, errno);
            return false;
        }
        GuardReport why;
        ssize_t got;
        do got = ::read(failure[0], &why, sizeof why);
        while (got < 0 && errno == EINTR);
        ::close(failure[0]);
        if (got == ssize_t(sizeof why)) {
            report(GuardReport::Kind(why.kind), why.value);
            return false;
        }
        report(GuardReport::Started, int(m_command));
        return true;
    }

    /// The command's side of the fork.
    [[noreturn]] void become(int failure) const {
        const auto fail = [failure](GuardReport::Kind kind) {
            const GuardReport why{kind, errno};
            [[maybe_unused]] const ssize_t ignored = ::write(failure, &why, sizeof why);
            ::_exit(127);
        };
        ::setsid();
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // should the guard itself be killed
        for (int number = 1; number < NSIG; ++number) ::signal(number, SIG_DFL);
        sigset_t none;
        sigemptyset(&none);
        ::sigprocmask(SIG_SETMASK, &none, nullptr);
        for (const auto& [descriptor, path] :
             {std::pair(1, &m_start.standardOutput), {2, &m_start.standardError}}) {
            const int fd = ::open(path->c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
            if (fd < 0) fail(GuardReport::NoOutput);
            ::dup2(fd, descriptor);
        }
        if (::chdir(m_start.folder.c_str()) != 0) fail(GuardReport::NoFolder);
        std::vector<char*> words, variables;
        for (const std::string& each : m_start.words) words.push_back(const_cast<char*>(each.c_str()));
        for (const std::string& each : m_start.environment)
            variables.push_back(const_cast<char*>(each.c_str()));
        words.push_back(nullptr);
        variables.push_back(nullptr);
        ::environ = variables.data();  // its PATH is the one in which the program is looked for
        ::execvp(words[0], words.data());
        fail(GuardReport::NoProgram);
        ::_exit(127);
    }

    void wait() {
        pollfd waiting[2] = {{m_signals, POLLIN, 0}, {m_isAlone ? -1 : m_socket, POLLIN, 0}};
        ::poll(waiting, 2, m_isAlone ? orphanLookMs : m_hasEnded ? lookAfterMs : -1);
        signalfd_siginfo ignored[8];
        while (::read(m_signals, ignored, sizeof ignored) > 0) {
        }
        if (waiting[1].revents == 0) return;
        char order = 0;
        const ssize_t got = ::recv(m_socket, &order, 1, MSG_DONTWAIT);
        if (got == 1)
            carryOut(GuardOrder(order));
        else if (got == 0 || (errno != EAGAIN && errno != EINTR))
            beAlone();
    }

    void tellGroup(int signal) const {
        if (!m_hasEnded) ::kill(-m_command, signal);
    }

    void tellAll(int signal) { signalDescendants(::getpid(), signal); }

    void carryOut(GuardOrder order) {
        switch (order) {
            case GuardOrder::Terminate:
                tellGroup(SIGTERM);
                break;
            case GuardOrder::TerminateRest:
                tellAll(SIGTERM);
                break;
            case GuardOrder::Kill:
                tellAll(SIGKILL);
                break;
            case GuardOrder::Pause:
                tellAll(SIGSTOP);
                m_isPaused = true;
                return;
            case GuardOrder::Continue:
                break;
        }
        if (std::exchange(m_isPaused, false)) tellAll(SIGCONT);
    }

    void beAlone() {
        m_isAlone = true;
        m_killAt = Clock::now() + orphanGrace;
        tellAll(SIGTERM);
        tellAll(SIGCONT);
    }

    void endOrphans() {
        if (Clock::now() >= m_killAt) tellAll(SIGKILL);
    }

    void reap() {
        int status = 0;
        for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;)
            if (pid == m_command) {
                m_hasEnded = true;
                report(GuardReport::Ended, status);
            }
    }

    bool isOver() const { return m_hasEnded && descendantsOf(::getpid()).empty(); }

    const CommandStart& m_start;
    int m_socket, m_signals = -1;
    pid_t m_command = 0;
    bool m_hasEnded = false, m_isPaused = false, m_isAlone = false;
    Clock::time_point m_killAt{};
};

}  // namespace

pid_t forkGuard(const CommandStart& start, int socket, int lock) {
    const pid_t pid = ::fork();
    if (pid != 0) return pid;
    ::setsid();
    leaveStandardStreams();
    closeAllBut(socket, lock);
    Guard(start, socket).run();
}

}  // namespace retort
