#include "tests/backends/support/sshd.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QDir>
#include <QElapsedTimer>
#include <QFile>
#include <QStandardPaths>
#include <QThread>
#include <fstream>

#include "core/util/files.h"
#include "tests/support/free_port.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

const QString serverProgram = QStringLiteral("/usr/sbin/sshd");

void makeKey(const fs::path& file) {
    std::error_code ignored;
    fs::remove(file, ignored);
    fs::remove(file.string() + ".pub", ignored);
    if (QProcess::execute(
            QStringLiteral("ssh-keygen"),
            {QStringLiteral("-q"), QStringLiteral("-t"), QStringLiteral("ed25519"), QStringLiteral("-N"),
             QString(), QStringLiteral("-f"), QString::fromStdString(file.string())}) != 0)
        qFatal("ssh-keygen failed");
}

}  // namespace

QString TestSshd::missing() {
    if (!QFile::exists(serverProgram)) return QStringLiteral("openssh-server is not installed");
    if (QStandardPaths::findExecutable(QStringLiteral("ssh")).isEmpty() ||
        QStandardPaths::findExecutable(QStringLiteral("ssh-keygen")).isEmpty())
        return QStringLiteral("openssh-client is not installed");
    return {};
}

TestSshd::TestSshd(const Settings& settings)
    : m_folder(QDir::tempPath() + QStringLiteral("/sshd-XXXXXX")),
      m_settings(settings),
      m_port(test::freePort()) {
    // The server's unprivileged part has to enter these folders.
    ::chmod(m_folder.path().toUtf8().constData(), 0755);
    fs::create_directories(folder() / "run");
    ::chmod((folder() / "run").c_str(), 0700);
    makeKey(folder() / "host_key");
    makeKey(folder() / "user_key");
    fs::create_directories(folder() / "home");
    std::ofstream(folder() / "authorized_keys")
        << (settings.isKeyAllowed ? readFile(folder() / "user_key.pub") : std::string());
    QString text = QStringLiteral(
                       "Port %1\nListenAddress %2\nHostKey %3/host_key\nPidFile %3/sshd.pid\n"
                       "AuthorizedKeysFile %3/authorized_keys\nStrictModes no\nUsePAM no\n"
                       "PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n"
                       "LogLevel VERBOSE\nSetEnv HOME=%3/home "
                       "\"PATH=%4/usr/local/bin:/usr/bin:/bin\"\nMaxStartups 100\n")
                       .arg(m_port)
                       .arg(QString::fromStdString(m_settings.address), m_folder.path(),
                            QString::fromStdString(m_settings.ownPath.empty()
                                                       ? std::string()
                                                       : (folder() / m_settings.ownPath).string() + ":"));
    text += m_settings.lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
    writeFileAtomically(folder() / "sshd_config", text.toStdString());
    // Where the server's unprivileged child is locked in; it must be there, and root's.
    if (::getuid() == 0) ::mkdir("/run/sshd", 0755);
    qputenv("XDG_RUNTIME_DIR", (folder() / "run").c_str());
    writeClientConfiguration();
    if (!start()) qFatal("sshd does not start: %s", qPrintable(m_log));
}

TestSshd::~TestSshd() {
    stop();
}

bool TestSshd::start() {
    QStringList words = m_settings.through;
    words << serverProgram << QStringLiteral("-D") << QStringLiteral("-e") << QStringLiteral("-f")
          << m_folder.filePath(QStringLiteral("sshd_config"));
    m_server.setProcessChannelMode(QProcess::MergedChannels);
    m_server.start(words.takeFirst(), words);
    QElapsedTimer clock;
    clock.start();
    m_log.clear();
    while (!m_log.contains(QLatin1String("Server listening")) && clock.elapsed() < 10000) {
        m_server.waitForReadyRead(100);
        m_log += QString::fromUtf8(m_server.readAll());
        if (m_server.state() == QProcess::NotRunning && clock.elapsed() > 500) return false;
    }
    // What it says later goes to nobody; a full pipe would halt it.
    QObject::connect(&m_server, &QProcess::readyRead, &m_server,
                     [this] { m_log += QString::fromUtf8(m_server.readAll()); });
    return m_log.contains(QLatin1String("Server listening"));
}

void TestSshd::stop() {
    cutConnections();
    m_server.kill();
    m_server.waitForFinished(5000);
    m_server.disconnect();
}

/// Each connection is a child of the server with a session of its own.
std::vector<qint64> TestSshd::connections() const {
    std::vector<qint64> found;
    for (const auto& entry : fs::directory_iterator("/proc")) {
        std::ifstream in(entry.path() / "stat");
        std::string line;
        if (!std::getline(in, line)) continue;
        const std::size_t end = line.rfind(')');
        if (end == std::string::npos || line.find("(sshd") == std::string::npos) continue;
        if (std::stoll(line.substr(end + 4)) == m_server.processId())
            found.push_back(std::stoll(entry.path().filename().string()));
    }
    return found;
}

void TestSshd::cutConnections() {
    for (const qint64 pid : connections()) ::kill(pid_t(pid), SIGKILL);
}

void TestSshd::changeHostKey() {
    stop();
    makeKey(folder() / "host_key");
    if (!start()) qFatal("sshd does not start again");
}

Machine TestSshd::machine() const {
    Machine machine;
    machine.name = "box";
    machine.destination = "box";
    machine.workFolder = workFolder().string();
    return machine;
}

void TestSshd::writeClientConfiguration() const {
    std::string known;
    if (m_settings.isHostKnown)
        known = "[" + m_settings.address + "]:" + std::to_string(m_port) + " " +
                readFile(folder() / "host_key.pub");
    writeFileAtomically(folder() / "known_hosts", known);
    writeFileAtomically(
        folder() / "ssh_config",
        "Host box\n  HostName " + m_settings.address + "\n  Port " + std::to_string(m_port) +
            "\n  UserKnownHostsFile " + (folder() / "known_hosts").string() +
            "\n  GlobalKnownHostsFile /dev/null\n  StrictHostKeyChecking yes\n  IdentityFile " +
            (folder() / "user_key").string() + "\n  IdentitiesOnly yes\n  IdentityAgent none\n");
    qputenv("RETORT_SSH_CONFIG", (folder() / "ssh_config").c_str());
}

}  // namespace retort
