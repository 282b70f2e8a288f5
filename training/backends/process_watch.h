// Tells when a process has ended: a child of ours, or any other.
#pragma once

#include <QObject>
#include <QSocketNotifier>
#include <memory>
#include <optional>

#include "training/backends/process.h"

namespace retort {

/// Waits on the process's descriptor (pidfd), so that its end arrives as an event, without a SIGCHLD handler,
/// a thread or polling. Children are reaped.
class ProcessWatch : public QObject {
    Q_OBJECT
  public:
    /// Throws Error when there is no such process (any more).
    explicit ProcessWatch(ProcessIdentity process, QObject* parent = nullptr);
    ~ProcessWatch() override;

    ProcessIdentity process() const { return m_process; }
    /// To the process; a no-op when it is gone. Never hits another one that got its number.
    void send(int signal) const;

  Q_SIGNALS:
    /// Without a status when it was not our child.
    void exited(std::optional<retort::ExitStatus> status);

  private:
    void reap();

    ProcessIdentity m_process;
    int m_descriptor;
    std::unique_ptr<QSocketNotifier> m_notifier;
};

}  // namespace retort
