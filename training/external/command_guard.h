// The process between a run's supervisor and its command. It adopts whatever the command leaves behind
// (PR_SET_CHILD_SUBREAPER), so that nothing is lost sight of, and ends all of it when the supervisor is gone,
// even by SIGKILL. It lives in a session of its own, which a kill of the supervisor's group does not reach.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <vector>

namespace retort {

struct CommandStart {
    std::vector<std::string> words;        ///< program and arguments
    std::vector<std::string> environment;  ///< "NAME=value", all of it
    std::filesystem::path folder;
    std::filesystem::path standardOutput, standardError;  ///< appended to
};

/// What the supervisor tells the guard, one byte each.
enum class GuardOrder : char {
    Terminate = 'T',      ///< SIGTERM to the command's process group
    TerminateRest = 'R',  ///< SIGTERM to all that is left
    Kill = 'K',           ///< SIGKILL to all
    Pause = 'P',          ///< SIGSTOP to all
    Continue = 'C'
};

/// What the guard tells the supervisor. When all of the command's processes are gone, it closes its end.
struct GuardReport {
    enum Kind : int { Started, NoFolder, NoOutput, NoProgram, Ended };
    int kind = Started;
    int value = 0;  ///< the command's pid; errno; status as of waitpid()
};

/// Forks the guard, which forks the command. `socket` (SOCK_SEQPACKET) and `lock` go to the guard; a flock on
/// the latter is held as long as anything of the command lives. Returns the guard's pid; -1: errno says why.
pid_t forkGuard(const CommandStart& start, int socket, int lock);

}  // namespace retort
