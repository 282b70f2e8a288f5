// A real OpenSSH server for tests: own keys, own port on the loopback, everything it needs in a folder of its
// own. Nothing of the machine's or the user's SSH is read or changed.
#pragma once

#include <QProcess>
#include <QTemporaryDir>
#include <filesystem>
#include <string>

#include "core/machines/machine.h"

namespace retort {

class TestSshd {
  public:
    struct Settings {
        std::string address = "127.0.0.1";
        QStringList lines;         ///< more of sshd_config
        bool isKeyAllowed = true;  ///< false: the user's key is not among those that it takes
        bool isHostKnown = true;   ///< false: known_hosts of the client is empty
        std::string ownPath;       ///< a folder below folder() that stands first in the sessions' $PATH
        QStringList through = {};  ///< words before sshd's: `ip netns exec x`
    };

    /// Why there can be none here; empty: there can.
    static QString missing();

    /// Makes the keys and starts the server. Sets $RETORT_SSH_CONFIG and $XDG_RUNTIME_DIR of this process.
    explicit TestSshd(const Settings& settings);
    TestSshd() : TestSshd(Settings()) {}
    ~TestSshd();

    bool start();  ///< again, on the same port
    /// Ends the server and all its connections.
    void stop();
    /// Ends the connections; the server goes on.
    void cutConnections();
    /// Another host key, as a machine that was set up anew has.
    void changeHostKey();

    int port() const { return m_port; }
    /// A machine named "box" with its work folder in this one's.
    Machine machine() const;
    std::filesystem::path folder() const { return m_folder.path().toStdString(); }
    std::filesystem::path workFolder() const { return folder() / "work"; }
    QString log() const { return m_log; }

  private:
    void writeClientConfiguration() const;
    std::vector<qint64> connections() const;

    QTemporaryDir m_folder;
    Settings m_settings;
    int m_port = 0;
    QProcess m_server;
    QString m_log;
};

}  // namespace retort
