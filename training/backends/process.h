// Child processes that outlive the program that started them, and how they ended. POSIX only; no Qt here.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace retort {

/// Numbers of processes are used again; the start time (clock ticks since boot) tells two holders of one
/// apart.
struct ProcessIdentity {
    pid_t pid = 0;
    std::uint64_t startTicks = 0;
    bool operator==(const ProcessIdentity&) const = default;
};

/// Starts `program` in its own session, with nothing of ours open but its standard streams: input from
/// /dev/null, the others appended to the files. `niceness` is added to our own. Throws Error.
ProcessIdentity spawnDetached(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                              const std::filesystem::path& standardOutput,
                              const std::filesystem::path& standardError, int niceness);

/// The process that has this number now; nothing when there is none.
std::optional<ProcessIdentity> processIdentity(pid_t pid);

struct ExitStatus {
    bool signalled = false;
    int code = 0;  ///< exit status, or the number of the signal

    bool isClean() const { return !signalled && code == 0; }
    std::string text() const;  ///< "exit status 1", "killed by SIGKILL"
};

}  // namespace retort
