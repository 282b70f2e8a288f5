// Where a run executes. A backend starts a run directory's trainer and says when it ended; everything else
// (progress, curves, traces) comes from the run directory, so every backend looks the same to the window.
#pragma once

#include <QObject>
#include <QString>
#include <memory>
#include <vector>

#include "core/machines/machine.h"

namespace retort {

class Backend : public QObject {
    Q_OBJECT
  public:
    using QObject::QObject;

    virtual QString id() const = 0;     ///< "in-process", "local-process": kept in the store
    virtual QString label() const = 0;  ///< for people
    virtual QString help() const = 0;   ///< one line on when to choose it

    /// Whether new runs can be started on it.
    virtual bool launches() const { return true; }
    /// Starts training of an existing run directory; `resume` continues from its last complete checkpoint.
    /// Returns at once; ended() follows, whatever happens. Throws Error when it cannot even try. Requests that
    /// stand in its control folder are this attempt's: withdrawLeftOver() is the caller's affair.
    virtual void launch(const QString& runDirectory, bool resume) = 0;
    /// Ends it now (not the cooperative stop, which is a control request of core/runlog/control.h).
    virtual void kill(const QString& runDirectory) = 0;
    /// Whether this backend has it running (a local process also knows runs that an earlier window started).
    virtual bool isRunning(const QString& runDirectory) const = 0;
    /// Takes charge of a run that an earlier window started: true when it is still running, and then ended()
    /// follows.
    virtual bool adopt(const QString& runDirectory) { return isRunning(runDirectory); }

  Q_SIGNALS:
    /// `error` is empty after a clean end; otherwise what happened with the trainer's last lines of output.
    void ended(const QString& runDirectory, const QString& error);
};

/// The one that runs on a machine.
std::unique_ptr<Backend> makeBackend(const Machine& machine, QObject* parent = nullptr);

/// The backends of this build, in the order in which they are offered: local process (the default),
/// in-process, runs of other programs, and one for each machine.
std::vector<std::unique_ptr<Backend>> makeBackends(QObject* parent = nullptr,
                                                   const std::vector<Machine>& machines = {});

}  // namespace retort
