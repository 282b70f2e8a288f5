#include "training/backends/process_watch.h"

#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>

#include "core/util/error.h"

namespace retort {

ProcessWatch::ProcessWatch(ProcessIdentity process, QObject* parent)
    : QObject(parent), m_process(process), m_descriptor(int(::syscall(SYS_pidfd_open, process.pid, 0))) {
    if (m_descriptor < 0)
        throw Error(std::string("cannot watch the process: ") + ::strerror(errno),
                    "process " + std::to_string(process.pid));
    // Asked after opening: from here on the descriptor means this very process.
    if (const auto now = processIdentity(process.pid); !now || *now != process) {
        ::close(m_descriptor);
        throw Error("the process is gone", "process " + std::to_string(process.pid));
    }
    m_notifier = std::make_unique<QSocketNotifier>(m_descriptor, QSocketNotifier::Read);
    connect(m_notifier.get(), &QSocketNotifier::activated, this, &ProcessWatch::reap);
}

ProcessWatch::~ProcessWatch() {
    m_notifier.reset();
    ::close(m_descriptor);
}

void ProcessWatch::send(int signal) const {
    ::syscall(SYS_pidfd_send_signal, m_descriptor, signal, nullptr, 0);
}

void ProcessWatch::reap() {
    m_notifier->setEnabled(false);
    siginfo_t info{};
    std::optional<ExitStatus> status;
    if (::waitid(P_PIDFD, id_t(m_descriptor), &info, WEXITED | WNOHANG) == 0 && info.si_pid != 0)
        status = ExitStatus{info.si_code != CLD_EXITED, info.si_status};
    Q_EMIT exited(status);
}

}  // namespace retort
