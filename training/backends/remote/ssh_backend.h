// Trains on another machine, through SSH. The run goes on whatever happens to the window or the network; its
// directory here follows it.
#pragma once

#include <QThreadPool>
#include <atomic>
#include <functional>
#include <map>
#include <memory>

#include "core/machines/machine.h"
#include "training/backends/backend.h"
#include "training/backends/launch_steps.h"
#include "training/backends/remote/follower_thread.h"

namespace retort {

class SshBackend final : public Backend {
    Q_OBJECT
  public:
    explicit SshBackend(Machine machine, QObject* parent = nullptr);
    /// Follows no more; the runs there go on.
    ~SshBackend() override;

    static QString idOf(const std::string& machineName);
    QString id() const override { return idOf(m_machine.name); }
    QString label() const override;
    QString help() const override;
    const Machine& machine() const { return m_machine; }

    /// Asked in a job, whenever a run starts: the names of the secrets that it gets.
    void setSecretNames(std::function<std::vector<std::string>()> names) { m_secretNames = std::move(names); }
    /// Brings what is missing there and starts; that takes a while, and progress() tells of it.
    void launch(const QString& runDirectory, bool resume) override;
    void kill(const QString& runDirectory) override;
    bool isRunning(const QString& runDirectory) const override;
    /// What its launch is doing; empty: it is not being launched. A request to stop ends that.
    QString launchStep(const QString& runDirectory) const { return m_steps.of(runDirectory); }
    /// Follows a run of this machine whose end has not been seen yet; whether it still runs turns out with
    /// the connection.
    bool adopt(const QString& runDirectory) override;

  Q_SIGNALS:
    void progress(const QString& runDirectory, const QString& text);
    void launchStepChanged(const QString& runDirectory);
    void connectionChanged(bool connected, const QString& problem);
    /// What was asked for did not happen there.
    void problem(const QString& runDirectory, const QString& text);

  private:
    void setStep(const QString& runDirectory, const QString& step);
    void startFollowing(const QString& runDirectory);
    void finish(const QString& runDirectory, const QString& problem);
    void conclude(const QString& runDirectory, const QString& error);

    void killInJob(const QString& runDirectory, bool mayNotHaveBegun);

    enum class Stage { Launching, Following, Ending };
    Machine m_machine;
    std::function<std::vector<std::string>()> m_secretNames;
    std::map<QString, Stage> m_runs;
    LaunchSteps m_steps;
    /// Of those that are being launched: set by kill().
    std::map<QString, std::shared_ptr<std::atomic<bool>>> m_launches;
    std::shared_ptr<std::atomic<bool>> m_isOver;  ///< tells the jobs
    FollowerThread m_follower;
    QThreadPool m_jobs;  // last: joined before anything above is gone
};

}  // namespace retort
