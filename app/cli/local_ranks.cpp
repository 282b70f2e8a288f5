#include "app/cli/local_ranks.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "app/cli/command.h"
#include "core/runlog/log_tail.h"
#include "core/util/error.h"

extern char** environ;

namespace fs = std::filesystem;

namespace retort::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto pollInterval = std::chrono::milliseconds(20);
/// Ranks find out by themselves that one is gone, within fifteen seconds at the most.
constexpr auto grace = std::chrono::seconds(30);

/// A port that nobody listens on. Between now and rank 0 another program may take it: then rank 0 says so.
int freePort() {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    socklen_t length = sizeof address;
    const bool found = socket >= 0 && ::bind(socket, reinterpret_cast<sockaddr*>(&address), length) == 0 &&
                       ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &length) == 0;
    const std::string why = std::strerror(errno);
    if (socket >= 0) ::close(socket);
    if (!found) throw Error("there is no port for the ranks to meet at: " + why, "127.0.0.1");
    return ntohs(address.sin_port);
}

constexpr const char* parentVariable = "RETORT_RANK_OF";  // the process that started the rank

bool isSetByLauncher(const std::string& variable) {
    for (const char* name : {parentVariable, "RANK", "WORLD_SIZE", "LOCAL_RANK", "MASTER_ADDR", "MASTER_PORT",
                             "TORCHELASTIC_USE_AGENT_STORE"})
        if (variable.starts_with(std::string(name) + "=")) return true;
    return false;
}

std::vector<std::string> environmentOf(int rank, int count, int port) {
    std::vector<std::string> variables;
    for (char** each = environ; *each; ++each)
        if (!isSetByLauncher(*each)) variables.emplace_back(*each);
    variables.push_back(parentVariable + ("=" + std::to_string(::getpid())));
    variables.push_back("RANK=" + std::to_string(rank));
    variables.push_back("WORLD_SIZE=" + std::to_string(count));
    variables.push_back("LOCAL_RANK=" + std::to_string(rank));
    variables.emplace_back("MASTER_ADDR=127.0.0.1");
    variables.push_back("MASTER_PORT=" + std::to_string(port));
    return variables;
}

std::vector<char*> pointersTo(std::vector<std::string>& texts) {
    std::vector<char*> pointers;
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
    return pointers;
}

/// Where the ranks' own words go, as those of any trainer that has no terminal.
class OutputFile {
  public:
    explicit OutputFile(const fs::path& file)
        : m_descriptor(::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {
        if (m_descriptor < 0)
            throw Error(std::string("cannot be written: ") + std::strerror(errno), file.string());
    }
    ~OutputFile() { ::close(m_descriptor); }
    OutputFile(const OutputFile&) = delete;
    OutputFile& operator=(const OutputFile&) = delete;
    int descriptor() const { return m_descriptor; }

  private:
    int m_descriptor;
};

struct Rank {
    pid_t pid = -1;
    std::optional<int> status;  ///< waitpid()'s, once it has ended
};

class LocalRanks {
  public:
    LocalRanks(const RunDirectory& run, bool resume, int count) {
        const std::string self = fs::read_symlink("/proc/self/exe").string();
        std::vector<std::string> words = {self, "train-run", run.path().string()};
        if (resume) words.emplace_back("--resume");
        const int port = freePort();
        const OutputFile output(run.stdoutFile()), errors(run.stderrFile());
        try {
            for (int rank = 0; rank < count; ++rank)
                m_ranks.push_back({start(words, environmentOf(rank, count, port), output, errors), {}});
        } catch (const Error&) {
            end(SIGKILL);
            throw;
        }
    }

    void wait(const std::stop_token& stop) {
        std::optional<Clock::time_point> failed;
        for (bool told = false; isAnyLeft(); std::this_thread::sleep_for(pollInterval)) {
            look();
            if (stop.stop_requested() && !told) {
                told = true;
                tell(SIGTERM);
            }
            if (m_firstFailed < 0) continue;
            if (!failed) failed = Clock::now();
            if (Clock::now() - *failed > grace) end(SIGKILL);
        }
    }

    /// How the rank ended that was the first to fail; empty: none was.
    std::string failure() const {
        if (m_firstFailed < 0) return {};
        const Rank& rank = m_ranks[std::size_t(m_firstFailed)];
        const std::string name =
            "rank " + std::to_string(m_firstFailed) + " (process " + std::to_string(rank.pid) + ")";
        if (WIFSIGNALED(*rank.status))
            return name + " was ended by signal " + std::to_string(WTERMSIG(*rank.status)) + " (" +
                   ::strsignal(WTERMSIG(*rank.status)) + ")";
        return name + " ended with status " + std::to_string(WEXITSTATUS(*rank.status));
    }

  private:
    /// Between fork() and exec() only what a program with threads may do there.
    static pid_t start(std::vector<std::string> words, std::vector<std::string> variables,
                       const OutputFile& output, const OutputFile& errors) {
        const std::vector<char*> arguments = pointersTo(words), environment = pointersTo(variables);
        // What comes before the rank listens waits for it (InterruptGuard), and does not end it.
        sigset_t asking, before;
        ::sigemptyset(&asking);
        ::sigaddset(&asking, SIGINT);
        ::sigaddset(&asking, SIGTERM);
        ::pthread_sigmask(SIG_BLOCK, &asking, &before);
        const pid_t parent = ::getpid(), pid = ::fork();
        const int code = errno;
        if (pid != 0) ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
        if (pid < 0) throw Error(std::string("cannot start a rank: ") + std::strerror(code), words[0]);
        if (pid > 0) return pid;
        ::prctl(PR_SET_PDEATHSIG, SIGTERM);
        if (::getppid() != parent) ::_exit(exitFailed);
        ::dup2(output.descriptor(), STDOUT_FILENO);
        ::dup2(errors.descriptor(), STDERR_FILENO);
        ::execve(arguments[0], arguments.data(), environment.data());
        ::_exit(exitFailed);
    }

    bool isAnyLeft() const {
        for (const Rank& rank : m_ranks)
            if (!rank.status) return true;
        return false;
    }

    void look() {
        for (std::size_t i = 0; i < m_ranks.size(); ++i) {
            int status = 0;
            if (m_ranks[i].status || ::waitpid(m_ranks[i].pid, &status, WNOHANG) != m_ranks[i].pid) continue;
            m_ranks[i].status = status;
            const bool well = WIFEXITED(status) &&
                              (WEXITSTATUS(status) == exitOk || WEXITSTATUS(status) == exitInterrupted);
            if (!well && m_firstFailed < 0) m_firstFailed = int(i);
        }
    }

    void tell(int signal) {
        for (const Rank& rank : m_ranks)
            if (!rank.status) ::kill(rank.pid, signal);
    }

    void end(int signal) {
        tell(signal);
        for (Rank& rank : m_ranks) {
            int status = 0;
            if (!rank.status && ::waitpid(rank.pid, &status, 0) == rank.pid) rank.status = status;
        }
    }

    std::vector<Rank> m_ranks;
    int m_firstFailed = -1;
};

}  // namespace

bool isLocalRank() {
    const char* const parent = std::getenv(parentVariable);
    return parent && parent == std::to_string(::getppid());
}

TrainOutcome trainByLocalRanks(const RunDirectory& run, bool resume, int count, const std::stop_token& stop) {
    std::error_code none;
    const auto before = fs::file_size(run.eventsFile(), none);
    LocalRanks ranks(run, resume, count);
    ranks.wait(stop);
    const auto end = endOfLastAttempt(run, none ? 0 : std::int64_t(before));
    // A rank that was told before all had met has nothing to leave in good order, and the log says it.
    if (stop.stop_requested() && end && end->outcome == "stopped") return TrainOutcome::Stopped;
    const std::string failure = ranks.failure();
    if (!failure.empty() && end && !end->error.empty()) throw Error(end->error);
    if (!failure.empty())
        throw Error(failure, run.path().string(),
                    "its own words are in stderr.log there; the run can be resumed from its last checkpoint");
    if (!end) throw Error("all ranks ended, and the log does not say how", run.path().string());
    return end->outcome == "stopped" ? TrainOutcome::Stopped : TrainOutcome::Finished;
}

}  // namespace retort::cli
