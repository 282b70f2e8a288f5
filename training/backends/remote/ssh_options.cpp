#include "training/backends/remote/ssh_options.h"

#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include <QtGlobal>

#include "core/util/content_digest.h"
#include "core/util/error.h"
#include "core/util/files.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

// The address of a socket has 108 bytes, of which the hash takes 40 and ssh's own suffix 17.
constexpr std::size_t longestSocketFolder = 48;

/// ssh itself asks the user database, not $HOME.
fs::path homeFolder() {
    const passwd* user = ::getpwuid(::getuid());
    if (user && user->pw_dir) return user->pw_dir;
    return qEnvironmentVariable("HOME").toStdString();
}

fs::path userConfiguration() {
    if (const QString named = qEnvironmentVariable("RETORT_SSH_CONFIG"); !named.isEmpty())
        return named.toStdString();
    return homeFolder() / ".ssh" / "config";
}

void requireOwn(const fs::path& folder) {
    struct stat info;
    if (::lstat(folder.c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != ::getuid() ||
        (info.st_mode & 077) != 0)
        throw Error("the folder for SSH connections is not this user's alone", folder.string(),
                    "remove it, or set XDG_RUNTIME_DIR to a folder of your own");
}

}  // namespace

fs::path sshRuntimeFolder() {
    fs::path folder = qEnvironmentVariable("XDG_RUNTIME_DIR").toStdString();
    std::error_code code;
    if (folder.empty() || folder.string().size() + 7 > longestSocketFolder || !fs::is_directory(folder, code))
        folder = "/tmp/retort-" + std::to_string(::getuid());
    else
        folder /= "retort";
    ::mkdir(folder.c_str(), 0700);
    requireOwn(folder);
    return folder;
}

std::string sshConfiguration(const fs::path& userFile, const fs::path& sockets) {
    return "# Written by Retort: the user's own configuration comes first, and wins.\n"
           "Include \"" +
           userFile.string() +
           "\"\n"
           "Include /etc/ssh/ssh_config\n"
           "Host *\n"
           "    ControlMaster auto\n"
           "    ControlPersist 60\n"
           "    ControlPath \"" +
           sockets.string() +
           "/%C\"\n"
           "    ConnectTimeout 5\n"
           "    ServerAliveInterval 3\n"
           "    ServerAliveCountMax 2\n";
}

QStringList sshArguments(const Machine& machine) {
    const fs::path folder = sshRuntimeFolder();
    const std::string text = sshConfiguration(userConfiguration(), folder);
    ContentDigest digest;
    digest.add(text.data(), text.size());
    const fs::path file = folder / ("ssh_config-" + digest.digits().substr(0, 12));
    std::error_code code;
    if (!fs::exists(file, code)) writeFileAtomically(file, text);

    QStringList arguments = {QStringLiteral("-F"), QString::fromStdString(file.string()),
                             // Never a question, a terminal, or the forwarding that a user's configuration
                             // sets up for sessions of their own.
                             QStringLiteral("-T"), QStringLiteral("-x"), QStringLiteral("-o"),
                             QStringLiteral("BatchMode=yes"), QStringLiteral("-o"),
                             QStringLiteral("RemoteCommand=none"), QStringLiteral("-o"),
                             QStringLiteral("ClearAllForwardings=yes")};
    if (machine.port > 0) arguments << QStringLiteral("-p") << QString::number(machine.port);
    return arguments << QStringLiteral("--") << QString::fromStdString(machine.destination);
}

}  // namespace retort
