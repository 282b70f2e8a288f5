// Where POSIX sh scripts run: this machine, or another one through the system's OpenSSH client.
// Configuration, keys, agent, jump hosts and known hosts are the user's own; nothing is asked for and no
// password is kept.
#pragma once

#include <QByteArray>
#include <QObject>
#include <QProcess>
#include <functional>
#include <memory>
#include <string>

#include "core/machines/machine.h"
#include "core/util/error.h"

namespace retort {

struct CommandResult {
    int exitCode = 0;
    std::string out, err;  ///< of the script alone: what a login shell printed before it is not in them
};

/// What a long command says and is told while it runs.
struct CommandStreams {
    /// Called with output as it comes; CommandResult::out stays empty then.
    std::function<void(const QByteArray&)> output;
    /// Asked for the next piece of input whenever there is room for it; an empty one ends it.
    std::function<QByteArray()> input;
    bool keepInputOpen = false;  ///< until closeInput(); for RemoteCommand::write()
};

/// A script that runs. It goes away by itself behind `done` or `failed`.
class RemoteCommand : public QObject {
    Q_OBJECT
  public:
    ~RemoteCommand() override;

    /// Ends it here; there it ends with its next output. Neither callback follows.
    void cancel();
    /// More input of a command whose input is kept open.
    void write(const QByteArray& bytes);
    void closeInput();
    /// Of the local process (ssh, or sh itself); 0 once it has ended.
    qint64 processId() const { return m_process.processId(); }

  Q_SIGNALS:
    /// The script begins: the machine was reached.
    void started();

  private:
    friend class Shell;
    using Done = std::function<void(CommandResult)>;
    using Failed = std::function<void(const Error&)>;

    RemoteCommand(QObject* parent, std::string place, CommandStreams streams, Done done, Failed failed);
    void start(const QString& program, const QStringList& arguments, const std::string& script,
               const QByteArray& input);
    void readOutput();
    void readError();
    void feed();
    void finish();
    void fail(const Error& error);
    Error unreached() const;

    QProcess m_process;
    std::string m_place;  ///< of messages: the SSH destination; empty: this machine
    QByteArray m_marker;
    CommandStreams m_streams;
    Done m_done;
    Failed m_failed;
    QByteArray m_early, m_out, m_err;
    bool m_outBegun = false, m_over = false;
    bool m_inputWhole = false;
};

class Shell : public QObject {
    Q_OBJECT
  public:
    static std::unique_ptr<Shell> local();
    /// A machine without a destination is this one.
    static std::unique_ptr<Shell> ssh(const Machine& machine);
    ~Shell() override;

    /// For messages: the SSH destination; empty: this machine.
    const std::string& place() const { return m_place; }

    /// Runs a POSIX sh script; `input` is its standard input. `done` is called in this thread, whatever its
    /// exit status; `failed` where the machine could not be reached, or the connection broke before the
    /// script ended. The script is passed as data: nothing in it meets another shell's quoting.
    RemoteCommand* run(const std::string& script, std::function<void(CommandResult)> done,
                       std::function<void(const Error&)> failed, QByteArray input = {});
    /// The same for one that talks while it runs.
    RemoteCommand* start(const std::string& script, CommandStreams streams,
                         std::function<void(CommandResult)> done, std::function<void(const Error&)> failed);

    /// Waits for it in a loop of events of its own; for threads that do nothing else. Throws what `failed`
    /// gets. `stop` is asked ten times a second: true ends it with an Error.
    CommandResult wait(const std::string& script, QByteArray input = {},
                       const std::function<bool()>& stop = nullptr);
    CommandResult wait(const std::string& script, CommandStreams streams,
                       const std::function<bool()>& stop = nullptr);

  private:
    Shell(std::string place, QString program, QStringList arguments);
    RemoteCommand* launch(const std::string& script, const QByteArray& input, CommandStreams streams,
                          std::function<void(CommandResult)> done, std::function<void(const Error&)> failed);

    std::string m_place;
    QString m_program;
    QStringList m_arguments;  ///< the remote command is added; empty: `sh -c` of it
};

}  // namespace retort
