// A real Slurm for tests: munge, controller and one node on this machine, on ports of their own, everything
// that they need in a folder of their own. Nothing of the machine's Slurm is read or changed.
#pragma once

#include <QProcess>
#include <QTemporaryDir>
#include <filesystem>
#include <memory>
#include <string>

namespace retort {

class TestSlurm {
  public:
    /// Why there can be none here; empty: there can.
    static QString missing();

    /// Killed: jobs that use more memory than they asked for, as on a cluster without cgroups.
    enum class TooMuchMemory { Ignored, Killed };
    /// Starts it and waits until its node takes jobs. Sets $SLURM_CONF of this process. Two partitions:
    /// "debug", and "urgent", whose jobs take the place of the former's.
    explicit TestSlurm(TooMuchMemory memory = TooMuchMemory::Ignored);
    /// Ends all jobs, and with them everything that was started.
    ~TestSlurm();

    static constexpr int cpus = 4;
    std::filesystem::path folder() const { return m_folder.path().toStdString(); }

    /// The node's daemon dies as by a crash; its jobs go on without it.
    void killNode();
    /// The node loses its power: its daemon and its jobs are gone, and the controller has noticed. It is back
    /// with startNode().
    void crashNode();
    void startNode();
    /// In good order: it keeps what it knows of jobs only every few seconds.
    void stopController();
    void startController();

    /// What a test left in the queue.
    void cancelAll();

    /// Runs one of Slurm's commands; its output without the last line end. Fails the process when it fails.
    static QString run(const QString& program, const QStringList& arguments);
    /// A requeued job waits for two minutes otherwise.
    static void startNow(const std::string& job);

  private:
    bool waitFor(const QString& program, const QStringList& arguments, const QString& answer);
    std::unique_ptr<QProcess> start(const QString& program, const QStringList& arguments);
    void writeConfiguration(TooMuchMemory memory);
    QString logs() const;

    QTemporaryDir m_folder;
    int m_controllerPort, m_nodePort;
    std::unique_ptr<QProcess> m_munge, m_controller, m_node;
};

}  // namespace retort
