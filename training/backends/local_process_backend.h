// Trains in a process of its own on this machine. It outlives the window: closing, or a crash of, the window
// ends no run, and the next window finds it again.
#pragma once

#include <QThreadPool>
#include <QTimer>
#include <map>

#include "core/runlog/run_directory.h"
#include "training/backends/backend.h"
#include "training/backends/process_watch.h"
#include "training/backends/run_outcome.h"

namespace retort {

class LocalProcessBackend final : public Backend {
    Q_OBJECT
  public:
    /// The trainer is `retort-cli train-run DIRECTORY [--resume]`: $RETORT_CLI, else beside this program,
    /// else in PATH.
    explicit LocalProcessBackend(QObject* parent = nullptr);
    ~LocalProcessBackend() override;

    QString id() const override { return QStringLiteral("local-process"); }
    QString label() const override;
    QString help() const override;

    void launch(const QString& runDirectory, bool resume) override;
    /// SIGTERM, and SIGKILL five seconds later.
    void kill(const QString& runDirectory) override;
    bool isRunning(const QString& runDirectory) const override;
    bool adopt(const QString& runDirectory) override;

  private:
    struct Child {
        RunDirectory run;
        AttemptStart start;
        std::unique_ptr<ProcessWatch>
            watch;  ///< null: known by its lock alone, which is looked at once a second
        bool killed = false;
        bool ending = false;  ///< its process is gone; what it left behind is being read
    };

    void watch(const QString& runDirectory, Child child, ProcessIdentity process);
    void finish(const QString& runDirectory, const std::optional<ExitStatus>& status);
    void lookAtLocks();

    std::map<QString, Child> m_children;
    QTimer m_lockTimer;
    QThreadPool m_readers;  // last: joined before anything above is gone
};

}  // namespace retort
