// Trains as a job of Slurm. The queue, the node and the window may come and go: a requeued or preempted job
// continues its run, and a later window finds it by the note in the run directory.
#pragma once

#include <QStringList>
#include <QThreadPool>
#include <QTimer>
#include <map>
#include <memory>
#include <optional>

#include "training/backends/backend.h"
#include "training/backends/slurm/slurm_client.h"
#include "training/backends/slurm/slurm_submission.h"

namespace retort {

class SlurmBackend final : public Backend {
    Q_OBJECT
  public:
    /// A machine with Slurm where the run directories of this one are seen, too: this machine, or one that
    /// shares the file system.
    explicit SlurmBackend(Machine machine, QObject* parent = nullptr);
    ~SlurmBackend() override;

    static QString idOf(const std::string& machineName);
    QString id() const override { return idOf(m_machine.name); }
    QString label() const override;
    QString help() const override;
    const Machine& machine() const { return m_machine; }

    /// Submits what prepareSlurmRun() left, or a plain request.
    void launch(const QString& runDirectory, bool resume) override;
    /// Several runs as one job array, as a sweep makes them.
    void launchArray(const QStringList& runDirectories);
    /// scancel: SIGTERM, with which the trainer saves; SIGKILL after the cluster's KillWait.
    void kill(const QString& runDirectory) override;
    void requeue(const QString& runDirectory);
    void hold(const QString& runDirectory);
    void release(const QString& runDirectory);
    /// From the submission on, as long as the job may still run (again).
    bool isRunning(const QString& runDirectory) const override;
    bool adopt(const QString& runDirectory) override;

    /// What Slurm said last; nothing before its first answer.
    std::optional<SlurmJob> job(const QString& runDirectory) const;

    /// Slurm is asked every so often, for all jobs in one call; 4 s at first. For tests.
    void setPollInterval(int milliseconds);

  Q_SIGNALS:
    void submitted(const QString& runDirectory, const QString& job);
    /// State, reason or expected start are other than before: job() has them.
    void jobChanged(const QString& runDirectory);
    /// A request (requeue, hold …) was refused, or Slurm does not answer; empty: it does again.
    void problem(const QString& runDirectory, const QString& text);

  private:
    enum class Stage { Submitting, Queued, Ending };
    struct Run {
        Stage stage = Stage::Submitting;
        SlurmNote note;
        std::optional<SlurmJob> job;
        int forgotten = 0;         ///< answers in a row that did not know it
        bool isCancelled = false;  ///< kill() came before the job's number
    };

    void submit(const QStringList& runDirectories, const std::string& folder, const std::string& script);
    void onSubmitted(const QStringList& runDirectories, const std::string& job, bool isArray);
    /// After a submission whose answer did not come, for the reason that `error` says.
    void findNumber(const QString& runDirectory, const QString& error, int triesLeft);
    void act(const QString& runDirectory, SlurmClient::Action action);
    void poll();
    void onStates(const std::vector<SlurmJob>& jobs);
    void look(const QString& runDirectory, Run& run, const std::vector<SlurmJob>& jobs);
    void askForEnd(const QString& runDirectory);
    void finish(const QString& runDirectory, const SlurmEnd& end);
    void conclude(const QString& runDirectory, const QString& error);
    void slowDown(const Error& error);

    Machine m_machine;
    std::unique_ptr<Shell> m_shell;
    SlurmClient m_client;
    std::map<QString, Run> m_runs;
    QTimer m_timer;
    int m_intervalMs;
    bool m_isAsking = false;
    QString m_problem;      ///< that Slurm does not answer
    QThreadPool m_readers;  // last: joined before anything above is gone
};

}  // namespace retort
