// A machine's work folder, and what every job there works with. Jobs are plain functions that block: they run
// in threads of their own and throw Error.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "core/machines/machine.h"
#include "training/backends/remote/shell.h"

namespace retort {

/// Its layout: runs/NAME (run directories), objects/SHA256 (content that was brought), brought/HASH/NAME (the
/// same under its own name), programs/HASH (retort-cli and its libraries).
struct WorkPlace {
    Shell& shell;
    Machine machine;
    std::string folder;                                                       ///< absolute there
    std::function<void(const std::string&)> say = [](const std::string&) {};  ///< progress, for people
    std::function<bool()> stop = nullptr;                                     ///< true: give up; may be empty
    /// How much of a file was brought, in bytes; may be empty.
    std::function<void(const std::string& file, std::int64_t done, std::int64_t all)> advance = nullptr;
};

/// Makes the work folder where it is missing. Throws Error where it cannot be written.
WorkPlace openWorkPlace(Shell& shell, const Machine& machine, std::function<bool()> stop = nullptr);

/// Runs a script there; throws Error with `what` and its last words when it fails.
std::string runThere(const WorkPlace& place, const std::string& script, const std::string& what,
                     const QByteArray& input = {});

/// Lines of sh that bring in the machine's environment: its own lines, and LibTorch's libraries. They are the
/// user's own and run as they are; their output goes to standard error.
std::string environmentScript(const Machine& machine);

/// The last lines of a command's complaint, for a message.
std::string lastWordsOf(const CommandResult& result);

}  // namespace retort
