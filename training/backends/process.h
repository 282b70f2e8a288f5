// Child processes that outlive the program that started them, and how they ended. POSIX only; no Qt here.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/util/process_identity.h"

namespace retort {

/// What a child gets besides its standard streams.
struct Inheritance {
    std::vector<std::string> environment;  ///< "NAME=value", in place of ours of that name
    int descriptor = -1;                   ///< becomes its number 3; -1: none
};

/// Starts `program` in its own session, with nothing else of ours open: input from /dev/null, the output
/// streams appended to the files. `niceness` is added to our own. Throws Error.
ProcessIdentity spawnDetached(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                              const std::filesystem::path& standardOutput,
                              const std::filesystem::path& standardError, int niceness,
                              const Inheritance& inheritance = {});

struct ExitStatus {
    bool signalled = false;
    int code = 0;  ///< exit status, or the number of the signal

    bool isClean() const { return !signalled && code == 0; }
    std::string text() const;  ///< "exit status 1", "killed by SIGKILL"
};

}  // namespace retort
