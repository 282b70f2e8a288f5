// Follows the runs of one machine: one connection, however many they are, which is made again whenever it
// breaks, and goes on where it was. Lives in a thread of its own, because it writes files.
#pragma once

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>
#include <map>
#include <memory>
#include <optional>
#include <set>

#include "core/machines/remote_run.h"
#include "core/machines/run_frames.h"
#include "core/machines/run_server.h"
#include "core/runlog/control.h"
#include "training/backends/remote/run_mirror.h"
#include "training/backends/remote/shell.h"

namespace retort {

/// Bytes of files, by followedFiles().
using FileSizes = std::map<std::string, std::int64_t>;

class MachineFollower : public QObject {
    Q_OBJECT
  public:
    /// What control/ asks of a run.
    struct Standing {
        std::set<Request> requests;
        std::optional<int> priority;  ///< a nice value
        bool operator==(const Standing&) const = default;
    };

    explicit MachineFollower(Machine machine, QObject* parent = nullptr);
    ~MachineFollower() override;

    /// The run that is mirrored in the directory; its remote.json is read. What control/ of the mirror asks
    /// is asked there, and the other way round. Throws Error when it is no mirror.
    void follow(const QString& directory);
    void unfollow(const QString& directory);
    /// A scheduler says that the run's trainer is gone, and its files have these sizes: ended() follows as
    /// soon as they are here. Without it, runs of a scheduler do not end.
    void endAt(const QString& directory, const FileSizes& sizes);
    /// A new attempt begins there with nothing asked, whatever was heard of the last one.
    static void forgetRequests(const QString& directory);
    bool isConnected() const { return m_connected; }
    /// Of the process of the connection; 0: there is none.
    qint64 processId() const { return m_command ? m_command->processId() : 0; }

  Q_SIGNALS:
    /// The trainer there is gone, and all that it wrote is in the mirror. It is not followed any more.
    void ended(const QString& directory);
    /// It cannot be followed: what is there is not what was read, or the directory is gone. It is not
    /// followed any more.
    void failed(const QString& directory, const QString& problem);
    /// `problem` is empty while the machine is reached.
    void connectionChanged(bool connected, const QString& problem);

  private:
    struct Run {
        explicit Run(RunMirror mirrored) : mirror(std::move(mirrored)) {}
        RunMirror mirror;
        RemoteRun remote;
        Standing asked;                  ///< there, once what was sent has arrived
        Standing acknowledged;           ///< there, as it said last
        std::int64_t serial = 0;         ///< of the last request that was sent
        std::optional<FileSizes> last;   ///< with which it has ended
        std::set<std::string> replaced;  ///< files that are others there now: nothing more of them comes
    };

    void connectNow();
    void connectLater();
    void disconnectNow();
    void failedToConnect(const Error& error);
    void send(const Json& request);
    void sendFollow(const QString& directory, Run& run);
    void onFrame(const Json& answer, std::string_view bytes);
    void onRunFrame(const QString& directory, Run& run, const Json& answer, std::string_view bytes);
    void takeControl(Run& run, const Json& answer);
    void forwardRequests();
    void endWhenComplete(const QString& directory, const Run& run);
    void drop(const QString& directory);

    Machine m_machine;
    std::unique_ptr<Shell> m_shell;
    RemoteCommand* m_command = nullptr;
    std::unique_ptr<RunFrames> m_frames;
    std::map<QString, Run> m_runs;
    QTimer m_retry, m_requests;
    QElapsedTimer m_heard;
    int m_delayMs;
    bool m_connected = false;
    QString m_problem;
};

}  // namespace retort
