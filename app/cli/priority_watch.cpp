#include "app/cli/priority_watch.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <mutex>
#include <thread>
#include <vector>

#include "core/util/error.h"
#include "training/external/process_tree.h"

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds pollInterval(200);
constexpr int mostPasses = 20, enoughUnchanged = 2;
constexpr milliseconds passPause(2);
constexpr int looksAfterwards = 5;
/// The kernel lets an ordinary user change a group ten times a second.
constexpr milliseconds groupPause(110);
constexpr int groupTries = 5;

std::vector<pid_t> family() {
    std::vector<pid_t> processes = descendantsOf(::getpid());
    processes.insert(processes.begin(), ::getpid());
    return processes;
}

std::vector<pid_t> threadsOf(pid_t process) {
    std::vector<pid_t> threads;
    std::error_code code;  // it may just have ended
    for (fs::directory_iterator each("/proc/" + std::to_string(process) + "/task", code), end;
         !code && each != end; each.increment(code))
        threads.push_back(pid_t(std::strtol(each->path().filename().c_str(), nullptr, 10)));
    return threads;
}

int niceOf(pid_t thread) {
    return ::getpriority(PRIO_PROCESS, id_t(thread));
}

/// Returns why it was refused, as errno has it; 0: it was not. A thread that is being started meanwhile has
/// the value that its starter had, and is not seen before the kernel is done with it.
int setThreads(int nice) {
    int refused = 0;
    for (int pass = 0, unchanged = 0; pass < mostPasses && unchanged < enoughUnchanged; ++pass) {
        if (pass > 0) std::this_thread::sleep_for(passPause);
        ++unchanged;
        for (const pid_t process : family())
            for (const pid_t thread : threadsOf(process)) {
                if (niceOf(thread) == nice) continue;
                if (::setpriority(PRIO_PROCESS, id_t(thread), nice) == 0)
                    unchanged = 0;
                else if (errno != ESRCH)
                    refused = errno;
            }
    }
    return refused;
}

/// Where the kernel shares the processor among sessions first (sched(7), "The autogroup feature"), nice
/// values count only within one, and the session has a value of its own. Only sessions that are the run's
/// alone: a trainer in a terminal must not slow down what else runs there.
void setSessionNiceness(pid_t leader, int nice) {
    const std::string file = "/proc/" + std::to_string(leader) + "/autogroup";
    const std::string text = std::to_string(nice);
    const int descriptor = ::open(file.c_str(), O_WRONLY | O_CLOEXEC);
    if (descriptor < 0) return;  // a kernel without it
    for (int i = 0; i < groupTries && ::write(descriptor, text.data(), text.size()) < 0 && errno == EAGAIN;
         ++i)
        std::this_thread::sleep_for(groupPause);
    ::close(descriptor);
}

void setSessions(int nice) {
    for (const pid_t process : family())
        if (::getsid(process) == process) setSessionNiceness(process, nice);
}

std::string refusal(int nice, int code, int now) {
    const std::string what = "nice " + std::to_string(nice) + " was refused";
    if (code != EACCES && code != EPERM) return what + ": " + std::strerror(code);
    return what +
           ": the system lets only administrators raise a priority again (RLIMIT_NICE); it stays at nice " +
           std::to_string(now);
}

}  // namespace

PriorityState setNiceness(int nice) {
    const int refused = setThreads(nice);
    PriorityState state;
    state.nice = niceOf(::getpid());
    state.asked = nice;
    if (refused != 0) state.problem = refusal(nice, refused, state.nice);
    setSessions(state.nice);
    return state;
}

PriorityWatch::PriorityWatch(const RunDirectory& run, bool answers)
    : m_run(run),
      m_answers(answers && !run.isRunning()),
      m_thread([this](const std::stop_token& over) { watch(over); }) {}

void PriorityWatch::watch(const std::stop_token& over) {
    look();
    if (!m_asked) {
        // Whoever started it may have made it nicer than its session is.
        setSessions(niceOf(::getpid()));
        answer({niceOf(::getpid()), {}, {}});
    }
    std::mutex mutex;
    std::condition_variable_any ending;  // nobody notifies it but the end
    for (std::unique_lock lock(mutex); !over.stop_requested();
         ending.wait_for(lock, over, pollInterval, [] { return false; }))
        look();
}

void PriorityWatch::look() {
    const std::optional<int> asked = askedPriority(m_run.path());
    if (asked && asked != m_asked) {
        m_asked = asked;
        m_looksAfterwards = looksAfterwards;
        answer(setNiceness(*asked));
    } else if (m_looksAfterwards > 0) {
        --m_looksAfterwards;
        setThreads(niceOf(::getpid()));  // of a busy machine, which takes long to start a thread
    }
}

void PriorityWatch::answer(const PriorityState& state) {
    if (!m_answers) return;
    try {
        writePriorityState(m_run.path(), state);
    } catch (const Error&) {  // a full disk: what was asked holds all the same
    }
}

}  // namespace retort::cli
