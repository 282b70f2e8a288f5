// Child processes that outlive the program that started them, and how they ended. POSIX only; no Qt here.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/util/process_identity.h"

namespace retort {

/// Starts `program` in its own session, with nothing of ours open but its standard streams: input from
/// /dev/null, the others appended to the files. `niceness` is added to our own. Throws Error.
ProcessIdentity spawnDetached(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                              const std::filesystem::path& standardOutput,
                              const std::filesystem::path& standardError, int niceness);

struct ExitStatus {
    bool signalled = false;
    int code = 0;  ///< exit status, or the number of the signal

    bool isClean() const { return !signalled && code == 0; }
    std::string text() const;  ///< "exit status 1", "killed by SIGKILL"
};

}  // namespace retort
