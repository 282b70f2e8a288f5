#include "training/external/external_command.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "core/util/error.h"
#include "training/external/process_tree.h"

namespace retort {
namespace {

constexpr auto longestStart = std::chrono::seconds(60);

[[noreturn]] void refuse(const CommandStart& start, const GuardReport& report) {
    const std::string why = ::strerror(report.value);
    if (report.kind == GuardReport::NoFolder)
        throw Error("the command's folder cannot be entered: " + why, start.folder.string(),
                    "external.folder is looked for on the machine where the run is");
    if (report.kind == GuardReport::NoOutput)
        throw Error("the command's output cannot be written: " + why, start.standardOutput.string());
    throw Error("the command cannot be started: " + why, start.words.front(),
                report.value == ENOENT   ? "is it installed, or among external.files?"
                : report.value == EACCES ? "is the file executable?"
                                         : "");
}

}  // namespace

ExternalCommand::ExternalCommand(const CommandStart& start, int lock) {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        throw Error(std::string("the command cannot be started: ") + ::strerror(errno), start.words.front());
    m_guard = forkGuard(start, ends[1], lock);
    const int code = errno;
    ::close(ends[1]);
    m_socket = ends[0];
    if (m_guard < 0) {
        ::close(m_socket);
        throw Error(std::string("the command cannot be started: ") + ::strerror(code), start.words.front());
    }
    const auto until = std::chrono::steady_clock::now() + longestStart;
    while (!m_first && !m_isGone && std::chrono::steady_clock::now() < until)
        take(std::chrono::milliseconds(100));
    // By then the command may have begun; it has died with its guard.
    if (!m_first && m_isGone)
        throw Error("nobody saw whether the command began: its guard was killed", start.words.front());
    const GuardReport first = m_first.value_or(GuardReport{GuardReport::NoProgram, ETIMEDOUT});
    if (first.kind == GuardReport::Started) {
        m_pid = first.value;
        return;
    }
    if (!m_isGone) {
        ::close(m_socket);
        ::waitpid(m_guard, nullptr, 0);
    }
    refuse(start, first);
}

ExternalCommand::~ExternalCommand() {
    if (m_isGone) return;
    tell(GuardOrder::Kill);
    ::close(m_socket);
    ::waitpid(m_guard, nullptr, 0);
}

bool ExternalCommand::take(std::chrono::milliseconds longest) {
    pollfd waiting{m_socket, POLLIN, 0};
    if (::poll(&waiting, 1, int(longest.count())) <= 0) return false;
    GuardReport report;
    const ssize_t got = ::recv(m_socket, &report, sizeof report, MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (got == ssize_t(sizeof report)) {
        if (report.kind == GuardReport::Ended)
            m_status = report.value;
        else
            m_first = report;
        return true;
    }
    ::close(m_socket);
    ::waitpid(m_guard, nullptr, 0);
    // Where the guard was killed, the command was with it; what that had started is in its group.
    if (!m_status && m_pid > 0) ::kill(-m_pid, SIGKILL);
    m_isGone = true;
    return false;
}

void ExternalCommand::wait(std::chrono::milliseconds longest) {
    if (m_isGone) return;
    if (take(longest))
        while (!m_isGone && take(std::chrono::milliseconds(0))) {
        }
}

void ExternalCommand::tell(GuardOrder order) const {
    const char byte = char(order);
    if (!m_isGone) [[maybe_unused]]
        const ssize_t ignored = ::send(m_socket, &byte, 1, MSG_NOSIGNAL);
}

int ExternalCommand::signal(int number) const {
    return m_isGone ? 0 : signalCatchers(m_guard, number);
}

std::string ExternalCommand::names() const {
    return m_isGone ? std::string() : processNames(descendantsOf(m_guard));
}

std::string statusText(int status) {
    if (WIFEXITED(status)) return "exit status " + std::to_string(WEXITSTATUS(status));
    const int number = WTERMSIG(status);
    const char* name = ::sigabbrev_np(number);
    std::string text = "killed by " + (name ? std::string("SIG") + name : "signal " + std::to_string(number));
    if (number == SIGKILL) text += " (perhaps because the memory was full)";
    return text;
}

}  // namespace retort
