#include "training/external/external_trainer.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <thread>

#include "core/config/load.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/external/output_tail.h"
#include "training/external/requests.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds tick(50), followBudget(200);
constexpr seconds longestLastBreath(20);  // of an earlier attempt whose supervisor was killed
constexpr milliseconds sameMoment(300);   // in which a signal to all processes is noticed here
constexpr seconds leftBehindAfter(2);     // what a command leaves behind may end by itself
constexpr seconds longestClose(15);       // for a disk that takes nothing
constexpr int tailLines = 8;

std::int64_t sizeOf(const fs::path& file) {
    std::error_code code;
    const auto size = fs::file_size(file, code);
    return code ? 0 : std::int64_t(size);
}

/// external/alive.lock: the guard of a killed supervisor ends what is left of its command, and holds it until
/// then.
class AliveLock {
  public:
    explicit AliveLock(const fs::path& file) {
        m_fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
        if (m_fd < 0) throw Error(std::string("cannot be locked: ") + std::strerror(errno), file.string());
        const auto until = Clock::now() + longestLastBreath;
        while (::flock(m_fd, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
            if (Clock::now() >= until) {
                ::close(m_fd);
                throw Error("processes of the run's last attempt still live",
                            file.parent_path().parent_path().string(), "end them first");
            }
            std::this_thread::sleep_for(tick);
        }
    }
    ~AliveLock() { ::close(m_fd); }
    AliveLock(const AliveLock&) = delete;
    AliveLock& operator=(const AliveLock&) = delete;
    int descriptor() const { return m_fd; }

  private:
    int m_fd = -1;
};

RunConfig configOf(const RunDirectory& run) {
    RunConfig config = loadConfig(run.configFile());
    if (config.recipe != externalRecipe)
        throw Error("the run's configuration is not one of a command", run.configFile().string());
    return config;
}

/// srun would start one supervisor a task, and each its own command.
void refuseManyTasks() {
    const char* rank = std::getenv("SLURM_PROCID");
    const char* step = std::getenv("SLURM_STEP_NUM_TASKS");
    if (rank && step && std::strcmp(rank, "0") != 0)
        throw Error("a command is started once, not by every task of the job", "Slurm",
                    "let the command itself call srun or torchrun");
}

class Supervisor {
  public:
    Supervisor(const RunDirectory& run, const RunConfig& config, bool resume)
        : m_run(run),
          m_config(config),
          m_folders(madeFolders(run, config.external)),
          m_log(run, m_folders, config.external) {
        m_attempt.attempt = m_log.attempts() + 1;
        m_attempt.resume = resume;
        std::int64_t step = 0;
        if (m_attempt.attempt > 1) m_attempt.checkpoint = lastCheckpointPath(run, step);
        char host[256] = "";
        ::gethostname(host, sizeof host - 1);
        m_log.say(StartEvent{m_attempt.attempt, step, m_log.totalSteps(), ::getpid(), host,
                             "retort-cli " RETORT_VERSION});
    }

    TrainOutcome train(const std::stop_token& stop) {
        EndEvent end;
        try {
            end = supervise(stop);
        } catch (const std::exception& error) {
            end = {"failed", error.what()};
        }
        m_log.say(end);
        if (!m_log.close(longestClose)) throw Error(m_log.failure());
        if (end.outcome == "failed") throw Error(end.error);
        return end.outcome == "stopped" ? TrainOutcome::Stopped : TrainOutcome::Finished;
    }

  private:
    static CommandFolders madeFolders(const RunDirectory& run, const ExternalSettings& settings) {
        CommandFolders folders(run, settings);
        folders.make();
        return folders;
    }

    EndEvent supervise(const std::stop_token& stop) {
        placeFiles(m_folders, m_config.external.files);
        std::error_code ignored;
        fs::remove(m_folders.control / "listens", ignored);
        m_outputBegin = sizeOf(m_run.stdoutFile());
        m_errorBegin = sizeOf(m_run.stderrFile());
        m_log.beginFollowing();
        auto lock = std::make_unique<AliveLock>(m_folders.external / "alive.lock");
        ExternalCommand command(commandStart(), lock->descriptor());
        lock.reset();  // the guard's now
        m_log.say(StatusEvent{"training", m_log.step(), m_log.totalSteps(), {}});
        Requests requests(m_folders, m_config.external, command, m_log);
        while (!command.hasEnded()) {
            command.wait(tick);
            m_log.poll(followBudget);
            requests.look(stop);
        }
        // Ctrl+C and Slurm tell the command and this process at the same time.
        const auto noticed = Clock::now() + sameMoment;
        while (!requests.wasStopped() && !stop.stop_requested() && Clock::now() < noticed)
            std::this_thread::sleep_for(tick);
        requests.lookBack(stop);
        endRest(command, requests.wasStopped());
        m_log.settle(isClean(command.status()));
        const auto until = Clock::now() + longestClose;
        while (!m_log.poll(followBudget) && (m_log.failure().empty() || Clock::now() < until))
            if (!m_log.failure().empty()) std::this_thread::sleep_for(tick);
        requests.finish();
        return endOf(command, requests);
    }

    CommandStart commandStart() const {
        const ExternalSettings& external = m_config.external;
        CommandStart start;
        start.words = external.command;
        if (start.words.empty()) start.words = {"/bin/sh", "-e", "-c", external.shell};
        start.environment = commandEnvironment(m_folders, m_run, m_config, m_attempt);
        start.folder = m_folders.start;
        start.standardOutput = fs::absolute(m_run.stdoutFile());
        start.standardError = fs::absolute(m_run.stderrFile());
        return start;
    }

    /// What the command started and did not wait for.
    void endRest(ExternalCommand& command, bool wasStopped) {
        const auto wait = [&](seconds longest) {
            const auto until = Clock::now() + longest;
            while (!command.isGone() && Clock::now() < until) {
                command.wait(tick);
                m_log.poll(followBudget);
            }
            return command.isGone();
        };
        const seconds grace(m_config.external.grace);
        // Told to stop, a shell ends before the trainer that it runs, which may be saving.
        if (wait(wasStopped ? grace : leftBehindAfter)) return;
        m_log.say(MessageEvent{
            "warning",
            "the command has ended and left processes behind, which are ended: " + command.names()});
        command.tell(GuardOrder::TerminateRest);
        if (wait(wasStopped ? std::min(grace, leftBehindAfter) : grace)) return;
        while (!command.isGone()) {
            command.tell(GuardOrder::Kill);
            command.wait(tick);
        }
    }

    EndEvent endOf(const ExternalCommand& command, const Requests& requests) {
        const std::optional<EndEvent> said = m_log.commandsEnd();
        const std::optional<int> status = command.status();
        if (requests.wasStopped()) {
            const bool byUs =
                status && WIFSIGNALED(*status) && (WTERMSIG(*status) == SIGTERM || requests.wasKilled());
            if (!isClean(status) && !byUs)
                m_log.say(
                    MessageEvent{"warning", "asked to stop, the command ended with " + whatHappened(status)});
            return {"stopped", ""};
        }
        if (isClean(status)) {
            if (said && said->outcome != "finished") return *said;
            return {"finished", ""};
        }
        // Somebody else's SIGTERM, with which it has made an end in good order.
        if (said && said->outcome == "stopped") return *said;
        std::string error = whatHappened(status);
        if (said && !said->error.empty()) return {"failed", error + "\n" + said->error};
        std::string tail = outputTail(m_run.stderrFile(), m_errorBegin, tailLines);
        if (tail.empty()) tail = outputTail(m_run.stdoutFile(), m_outputBegin, tailLines);
        if (!tail.empty()) error += "\n" + tail;
        return {"failed", error};
    }

    static bool isClean(const std::optional<int>& status) {
        return status && WIFEXITED(*status) && WEXITSTATUS(*status) == 0;
    }
    static std::string whatHappened(const std::optional<int>& status) {
        return status ? statusText(*status) : "an end that nobody saw: its guard was killed";
    }

    RunDirectory m_run;
    RunConfig m_config;
    CommandFolders m_folders;
    CommandLog m_log;
    AttemptFacts m_attempt;
    std::int64_t m_outputBegin = 0, m_errorBegin = 0;
};

}  // namespace

TrainOutcome trainExternally(const RunDirectory& run, bool resume, const std::stop_token& stop) {
    refuseManyTasks();
    const RunLock lock(run);
    return Supervisor(run, configOf(run), resume).train(stop);
}

}  // namespace retort
