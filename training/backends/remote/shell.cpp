#include "training/backends/remote/shell.h"

#include <unistd.h>

#include <QEventLoop>
#include <QRandomGenerator>
#include <QTimer>
#include <optional>

#include "training/backends/remote/ssh_advice.h"
#include "training/backends/remote/ssh_options.h"

namespace retort {
namespace {

constexpr qsizetype pieceBytes = 256 << 10;  // of input that waits in this process
constexpr qsizetype longestPreamble = 1 << 20;
constexpr int stopIntervalMs = 100;

QByteArray newMarker() {
    return "retort-" +
           QByteArray::number(QRandomGenerator::system()->generate64(), 16).rightJustified(16, '0');
}

/// What surrounds the script. Lines of its own on both streams tell where the script's output begins, behind
/// whatever a login shell prints, and one on standard error that it came to its end.
QByteArray framed(const std::string& script, const QByteArray& marker) {
    QByteArray text = "printf '\\n%s\\n' " + marker + "; printf '\\n%s\\n' " + marker + " >&2\n(\n";
    text += QByteArray::fromStdString(script);
    return text + "\n)\nprintf '\\n%s %d\\n' " + marker + " $? >&2\n";
}

/// Reads the script from standard input, byte by byte so that what follows is left for the script itself. Any
/// login shell understands this line.
QByteArray reader(qsizetype bytes) {
    return "exec sh -c 'eval \"$(dd bs=1 count=" + QByteArray::number(bytes) + " 2>/dev/null)\"'";
}

}  // namespace

RemoteCommand::RemoteCommand(QObject* parent, std::string place, CommandStreams streams, Done done,
                             Failed failed)
    : QObject(parent),
      m_place(std::move(place)),
      m_marker(newMarker()),
      m_streams(std::move(streams)),
      m_done(std::move(done)),
      m_failed(std::move(failed)) {
    // Ctrl+C in a terminal is for this program, which says what becomes of the connection.
    m_process.setChildProcessModifier([] { ::setpgid(0, 0); });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &RemoteCommand::readOutput);
    connect(&m_process, &QProcess::readyReadStandardError, this, &RemoteCommand::readError);
    connect(&m_process, &QProcess::bytesWritten, this, &RemoteCommand::feed);
    connect(&m_process, &QProcess::finished, this, &RemoteCommand::finish);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error != QProcess::FailedToStart) return;
        fail(Error(m_process.program().toStdString() + " cannot be started", m_place,
                   m_place.empty() ? "" : "install the OpenSSH client (Debian: openssh-client)"));
    });
}

RemoteCommand::~RemoteCommand() {
    cancel();
}

void RemoteCommand::start(const QString& program, const QStringList& arguments, const std::string& script,
                          const QByteArray& input) {
    const QByteArray text = framed(script, m_marker);
    const QByteArray command = reader(text.size());
    // For sh the line is an argument of its own; ssh's is what the login shell there gets to read.
    m_process.start(program, arguments + QStringList(QString::fromUtf8(command)));
    m_process.write(text);
    m_process.write(input);
    m_process.write(std::exchange(m_early, {}));
    feed();
}

void RemoteCommand::cancel() {
    if (m_over) return;
    m_over = true;
    m_process.disconnect(this);
    m_process.kill();
    m_process.waitForFinished(1000);
    deleteLater();
}

void RemoteCommand::write(const QByteArray& bytes) {
    if (m_over) return;
    if (m_process.state() == QProcess::NotRunning)
        m_early += bytes;  // it starts with the next turn of the loop
    else
        m_process.write(bytes);
}

void RemoteCommand::closeInput() {
    m_streams.keepInputOpen = false;
    feed();
}

void RemoteCommand::feed() {
    if (m_inputWhole || m_over || m_process.state() == QProcess::NotRunning) return;
    while (m_streams.input && m_process.bytesToWrite() < pieceBytes) {
        const QByteArray piece = m_streams.input();
        if (piece.isEmpty()) {
            m_streams.input = nullptr;
            break;
        }
        m_process.write(piece);
    }
    if (m_streams.input || m_streams.keepInputOpen) return;
    m_inputWhole = true;
    m_process.closeWriteChannel();  // once what was written is gone
}

void RemoteCommand::readOutput() {
    m_out += m_process.readAllStandardOutput();
    if (!m_outBegun) {
        const qsizetype at = ("\n" + m_out).indexOf("\n" + m_marker + "\n");
        if (at < 0) {
            if (m_out.size() > longestPreamble)
                fail(Error("the login shell there prints without end before it runs anything", m_place,
                           "look at its start-up files (.profile, .bashrc)"));
            return;
        }
        m_out.remove(0, at + m_marker.size() + 1);
        m_outBegun = true;
        Q_EMIT started();
    }
    if (m_streams.output && !m_out.isEmpty()) m_streams.output(std::exchange(m_out, {}));
}

void RemoteCommand::readError() {
    m_err += m_process.readAllStandardError();
    // A program that complains without end must not fill this one.
    constexpr qsizetype mostError = 4 << 20;
    if (m_err.size() > mostError) m_err.remove(mostError / 4, m_err.size() - mostError / 2);
}

void RemoteCommand::finish() {
    if (m_over) return;
    readOutput();
    readError();
    if (m_over) return;
    const QByteArray end = "\n" + m_marker + " ";
    const qsizetype endAt = m_err.lastIndexOf(end);
    if (endAt < 0) return fail(unreached());
    m_over = true;
    CommandResult result;
    result.exitCode = m_err.mid(endAt + end.size()).split('\n').first().toInt();
    result.out = m_out.toStdString();
    const QByteArray begin = "\n" + m_marker + "\n";
    const qsizetype beginAt = ("\n" + m_err).indexOf(begin);
    const qsizetype from = beginAt < 0 ? 0 : std::min(beginAt + begin.size() - 1, endAt);
    result.err = m_err.mid(from, endAt - from).toStdString();
    deleteLater();
    m_done(std::move(result));
}

/// What ssh said is what stands on standard error around the script's own.
Error RemoteCommand::unreached() const {
    const bool began = m_outBegun;
    if (m_place.empty())
        return Error("sh ended before the script did" +
                     (m_err.isEmpty() ? std::string() : ": " + m_err.right(2000).toStdString()));
    const Error said = sshError(m_err.toStdString(), m_place);
    if (!began) return said;
    return Error("the connection broke while a command ran: " + said.what_happened(), m_place, said.hint());
}

void RemoteCommand::fail(const Error& error) {
    if (m_over) return;
    m_over = true;
    m_process.disconnect(this);
    if (m_process.state() != QProcess::NotRunning) m_process.kill();
    deleteLater();
    m_failed(error);
}

Shell::Shell(std::string place, QString program, QStringList arguments)
    : m_place(std::move(place)), m_program(std::move(program)), m_arguments(std::move(arguments)) {}

Shell::~Shell() = default;

std::unique_ptr<Shell> Shell::local() {
    return std::unique_ptr<Shell>(new Shell({}, QStringLiteral("sh"), {QStringLiteral("-c")}));
}

std::unique_ptr<Shell> Shell::ssh(const Machine& machine) {
    if (machine.isLocal()) return local();
    checkMachine(machine);
    return std::unique_ptr<Shell>(
        new Shell(machine.destination, QStringLiteral("ssh"), sshArguments(machine)));
}

RemoteCommand* Shell::launch(const std::string& script, const QByteArray& input, CommandStreams streams,
                             std::function<void(CommandResult)> done,
                             std::function<void(const Error&)> failed) {
    auto* command = new RemoteCommand(this, m_place, std::move(streams), std::move(done), std::move(failed));
    // Started from the loop, so that the caller has the command before it can fail.
    QTimer::singleShot(0, command, [this, command, script, input] {
        if (!command->m_over) command->start(m_program, m_arguments, script, input);
    });
    return command;
}

RemoteCommand* Shell::run(const std::string& script, std::function<void(CommandResult)> done,
                          std::function<void(const Error&)> failed, QByteArray input) {
    return launch(script, input, {}, std::move(done), std::move(failed));
}

RemoteCommand* Shell::start(const std::string& script, CommandStreams streams,
                            std::function<void(CommandResult)> done,
                            std::function<void(const Error&)> failed) {
    return launch(script, {}, std::move(streams), std::move(done), std::move(failed));
}

CommandResult Shell::wait(const std::string& script, QByteArray input, const std::function<bool()>& stop) {
    CommandStreams streams;
    if (!input.isEmpty())
        streams.input = [input = std::move(input)]() mutable { return std::exchange(input, {}); };
    return wait(script, std::move(streams), stop);
}

CommandResult Shell::wait(const std::string& script, CommandStreams streams,
                          const std::function<bool()>& stop) {
    QEventLoop loop;
    std::optional<CommandResult> result;
    std::optional<Error> error;
    RemoteCommand* command = launch(
        script, {}, std::move(streams),
        [&](CommandResult done) {
            result = std::move(done);
            loop.quit();
        },
        [&](const Error& failed) {
            error = failed;
            loop.quit();
        });
    QTimer asking;
    if (stop) {
        QObject::connect(&asking, &QTimer::timeout, &loop, [&] {
            if (!stop()) return;
            command->cancel();
            error = Error("cancelled", m_place);
            loop.quit();
        });
        asking.start(stopIntervalMs);
    }
    loop.exec();
    if (!error && !result) {  // the thread is ended, and its loops with it
        command->cancel();
        error = Error("cancelled", m_place);
    }
    if (error) throw *error;
    return std::move(*result);
}

}  // namespace retort
