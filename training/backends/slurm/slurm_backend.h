// Trains as a job of Slurm. The queue, the node and the window may come and go: a requeued or preempted job
// continues its run, and a later window finds it by the note in the run directory.
#pragma once

#include <QStringList>
#include <QThreadPool>
#include <QTimer>
#include <atomic>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>

#include "training/backends/backend.h"
#include "training/backends/launch_steps.h"
#include "training/backends/remote/follower_thread.h"
#include "training/backends/slurm/slurm_client.h"
#include "training/backends/slurm/slurm_place.h"
#include "training/backends/slurm/slurm_submission.h"

namespace retort {

class SlurmBackend final : public Backend {
    Q_OBJECT
  public:
    /// A machine with Slurm: this one, one that sees the run directories of this one, or one with files of
    /// its own. Then the run is placed there, and its directory here is a mirror.
    explicit SlurmBackend(Machine machine, QObject* parent = nullptr);
    ~SlurmBackend() override;

    static QString idOf(const std::string& machineName);
    QString id() const override { return idOf(m_machine.name); }
    QString label() const override;
    QString help() const override;
    const Machine& machine() const { return m_machine; }

    /// Asked in a job: the names of the secrets that runs get, and the request of a run that has none of its
    /// own. Without them there are no secrets, and the request is a plain one.
    void setSecretNames(std::function<std::vector<std::string>()> names) { m_secretNames = std::move(names); }
    void setUsualRequest(std::function<SlurmRequest()> request) { m_usualRequest = std::move(request); }
    /// Submits what prepareSlurmRun() left, or the usual request. Where much has to be brought, that takes a
    /// while, and progress() tells of it.
    void launch(const QString& runDirectory, bool resume) override;
    /// Several runs as one job array, as a sweep makes them.
    void launchArray(const QStringList& runDirectories);
    /// scancel: SIGTERM, with which the trainer saves; SIGKILL after the cluster's KillWait.
    void kill(const QString& runDirectory) override;
    void requeue(const QString& runDirectory);
    void hold(const QString& runDirectory);
    void release(const QString& runDirectory);
    /// slurmNiceOf() it, while the job waits. What its processes do once it runs is control/'s to say
    /// (core/runlog/priority.h).
    void setNice(const QString& runDirectory, int nice);
    /// From the submission on, as long as the job may still run (again).
    bool isRunning(const QString& runDirectory) const override;
    bool adopt(const QString& runDirectory) override;
    /// What its launch is doing; empty: it is not being launched. kill() ends that.
    QString launchStep(const QString& runDirectory) const { return m_steps.of(runDirectory); }

    /// What Slurm said last; nothing before its first answer.
    std::optional<SlurmJob> job(const QString& runDirectory) const;

    /// Slurm is asked every so often, for all jobs in one call; 4 s at first. For tests.
    void setPollInterval(int milliseconds);

    /// To ask it other things.
    SlurmClient& client() { return m_client; }

  Q_SIGNALS:
    void progress(const QString& runDirectory, const QString& text);
    void launchStepChanged(const QString& runDirectory);
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
        int forgotten = 0;  ///< answers in a row that did not know it
        /// kill() came before the job's number; a launch looks at it.
        std::shared_ptr<std::atomic<bool>> isCancelled = std::make_shared<std::atomic<bool>>(false);
        bool isMirror = false;        ///< it lies there, and is followed
        std::optional<SlurmEnd> end;  ///< while the rest of its log is fetched
    };

    /// What a job found out for a submission.
    struct Ready {
        std::string script;
        SlurmPlaces places;
        Secrets secrets;
    };

    void submit(const QStringList& runDirectories, bool isArray);
    void setStep(const QStringList& runDirectories, const QString& step);
    Ready prepare(const QStringList& runDirectories, bool isArray, const std::function<bool()>& stop);
    SlurmPlaces findPlaces(const std::vector<RunDirectory>& runs, const QStringList& runDirectories,
                           const std::function<bool()>& stop);
    void onReady(const QStringList& runDirectories, const Ready& ready, bool isArray);
    void keepNote(const QString& runDirectory, const Run& run);
    void follow(const QString& runDirectory);
    void onSubmitted(const QStringList& runDirectories, const std::string& job, bool isArray);
    /// After a submission whose answer did not come, for the reason that `error` says.
    void findNumber(const QString& runDirectory, const QString& error, int triesLeft);
    void act(const QString& runDirectory, SlurmClient::Action action);
    void poll();
    void onStates(const std::vector<SlurmJob>& jobs);
    void look(const QString& runDirectory, Run& run, const std::vector<SlurmJob>& jobs);
    void askForEnd(const QString& runDirectory);
    void finish(const QString& runDirectory, const SlurmEnd& end);
    void readEnd(const QString& runDirectory, const SlurmEnd& end);
    void conclude(const QString& runDirectory, const QString& error);
    void slowDown(const Error& error);

    Machine m_machine;
    std::function<std::vector<std::string>()> m_secretNames;
    std::function<SlurmRequest()> m_usualRequest;
    std::unique_ptr<Shell> m_shell;
    SlurmClient m_client;
    std::map<QString, Run> m_runs;
    LaunchSteps m_steps;
    QTimer m_timer;
    int m_intervalMs;
    bool m_isAsking = false;
    QString m_problem;  ///< that Slurm does not answer
    FollowerThread m_follower;
    /// By the folder of runs here: whether the machine sees it. Of the jobs, which are done one by one.
    std::map<std::filesystem::path, bool> m_isSeen;
    std::shared_ptr<std::atomic<bool>> m_isOver;  ///< tells the jobs
    QThreadPool m_jobs, m_readers;                // last: joined before anything above is gone
};

}  // namespace retort
