// How the OpenSSH client is called: the user's configuration first, ours only where it says nothing.
#pragma once

#include <QStringList>
#include <filesystem>
#include <string>

#include "core/machines/machine.h"

namespace retort {

/// A folder of this user alone for sockets and the like: below $XDG_RUNTIME_DIR, else /tmp/retort-<uid>. Made
/// when it is missing. Throws Error where it belongs to somebody else.
std::filesystem::path sshRuntimeFolder();

/// The text of a configuration file that takes in the user's and the system's, and then gives what they leave
/// open: one shared connection a machine (its socket below `sockets`), a limit for connecting, and signs of
/// life. The first value that ssh finds is the one that counts.
std::string sshConfiguration(const std::filesystem::path& userFile, const std::filesystem::path& sockets);

/// Arguments of ssh up to the destination. $RETORT_SSH_CONFIG names another file than ~/.ssh/config. Throws
/// Error when the configuration cannot be written.
QStringList sshArguments(const Machine& machine);

}  // namespace retort
