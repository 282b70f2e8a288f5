#include "training/backends/process.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

#include "core/util/error.h"

namespace retort {
namespace {

class FileActions {
  public:
    FileActions() { ::posix_spawn_file_actions_init(&m_actions); }
    ~FileActions() { ::posix_spawn_file_actions_destroy(&m_actions); }
    FileActions(const FileActions&) = delete;
    FileActions& operator=(const FileActions&) = delete;

    void open(int descriptor, const char* path, int flags) {
        ::posix_spawn_file_actions_addopen(&m_actions, descriptor, path, flags, 0644);
    }
    void duplicate(int from, int to) { ::posix_spawn_file_actions_adddup2(&m_actions, from, to); }
    void closeFrom(int descriptor) { ::posix_spawn_file_actions_addclosefrom_np(&m_actions, descriptor); }
    const posix_spawn_file_actions_t* get() const { return &m_actions; }

  private:
    posix_spawn_file_actions_t m_actions;
};

/// A session of its own keeps a closed terminal's SIGHUP and Ctrl-C away from the child; signal handlers and
/// masks of ours (Qt's, a debugger's) must not reach it either.
class SpawnAttributes {
  public:
    SpawnAttributes() {
        ::posix_spawnattr_init(&m_attributes);
        sigset_t all, none;
        sigfillset(&all);
        sigemptyset(&none);
        ::posix_spawnattr_setsigdefault(&m_attributes, &all);
        ::posix_spawnattr_setsigmask(&m_attributes, &none);
        ::posix_spawnattr_setflags(&m_attributes,
                                   POSIX_SPAWN_SETSID | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
    }
    ~SpawnAttributes() { ::posix_spawnattr_destroy(&m_attributes); }
    SpawnAttributes(const SpawnAttributes&) = delete;
    SpawnAttributes& operator=(const SpawnAttributes&) = delete;

    const posix_spawnattr_t* get() const { return &m_attributes; }

  private:
    posix_spawnattr_t m_attributes;
};

constexpr int inheritedDescriptor = STDERR_FILENO + 1;

/// Ours with these in place of what has their names; it points into both.
std::vector<char*> environmentWith(const std::vector<std::string>& others) {
    const auto isReplaced = [&](const std::string& ours) {
        return std::any_of(others.begin(), others.end(), [&](const std::string& each) {
            return ours.compare(0, each.find('=') + 1, each, 0, each.find('=') + 1) == 0;
        });
    };
    std::vector<char*> all;
    for (char** each = ::environ; *each; ++each)
        if (!isReplaced(*each)) all.push_back(*each);
    for (const std::string& each : others) all.push_back(const_cast<char*>(each.c_str()));
    all.push_back(nullptr);
    return all;
}

}  // namespace

ProcessIdentity spawnDetached(const std::filesystem::path& program, const std::vector<std::string>& arguments,
                              const std::filesystem::path& standardOutput,
                              const std::filesystem::path& standardError, int niceness,
                              const Inheritance& inheritance) {
    FileActions files;
    files.open(STDIN_FILENO, "/dev/null", O_RDONLY);
    files.open(STDOUT_FILENO, standardOutput.c_str(), O_WRONLY | O_CREAT | O_APPEND);
    files.open(STDERR_FILENO, standardError.c_str(), O_WRONLY | O_CREAT | O_APPEND);
    const bool inherits = inheritance.descriptor >= 0;
    if (inherits) files.duplicate(inheritance.descriptor, inheritedDescriptor);
    files.closeFrom(inherits ? inheritedDescriptor + 1 : STDERR_FILENO + 1);
    SpawnAttributes attributes;

    std::vector<char*> argv = {const_cast<char*>(program.c_str())};
    for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    std::vector<char*> environment = environmentWith(inheritance.environment);

    pid_t pid = 0;
    const int code =
        ::posix_spawn(&pid, program.c_str(), files.get(), attributes.get(), argv.data(), environment.data());
    if (code != 0)
        throw Error(std::string("cannot start the trainer: ") + ::strerror(code), program.string());
    // Threads that it starts later inherit this; it has none yet.
    ::setpriority(PRIO_PROCESS, id_t(pid), std::min(19, ::getpriority(PRIO_PROCESS, 0) + niceness));
    // Even a child that is gone already keeps its entry until somebody waits for it.
    return processIdentity(pid).value_or(ProcessIdentity{pid, 0});
}

std::string ExitStatus::text() const {
    if (!signalled) return "exit status " + std::to_string(code);
    const char* name = ::sigabbrev_np(code);
    return "killed by " + (name ? std::string("SIG") + name : "signal " + std::to_string(code));
}

}  // namespace retort
