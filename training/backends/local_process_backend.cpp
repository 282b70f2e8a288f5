#include "training/backends/local_process_backend.h"

#include <csignal>

#include "core/runlog/launch_settings.h"
#include "core/runlog/placement.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "training/backends/launch_lock.h"
#include "training/backends/trainer_program.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr int niceness = 5;  // the window and the desktop come first
constexpr int killAfterMs = 5000;
constexpr int lockIntervalMs = 1000;

/// control/process.json: how a later window finds the process again.
struct ProcessNote {
    ProcessIdentity process;
    AttemptStart start;
};

fs::path noteFile(const RunDirectory& run) {
    return run.path() / "control" / "process.json";
}

void writeNote(const RunDirectory& run, const ProcessNote& note) try {
    fs::create_directories(noteFile(run).parent_path());
    const Json json = {{"pid", note.process.pid},
                       {"start_ticks", note.process.startTicks},
                       {"events_offset", note.start.events},
                       {"stderr_offset", note.start.standardError}};
    writeFileAtomically(noteFile(run), json.dump() + "\n");
} catch (const std::exception&) {
    // A full disk: the process runs and is watched all the same, and a later window knows it by its lock.
}

std::optional<ProcessNote> readNote(const RunDirectory& run) try {
    const Json json = Json::parse(readFile(noteFile(run), 4096));
    return ProcessNote{
        {json.at("pid").get<pid_t>(), json.at("start_ticks").get<std::uint64_t>()},
        {json.at("events_offset").get<std::int64_t>(), json.at("stderr_offset").get<std::int64_t>()}};
} catch (const Error&) {
    return std::nullopt;
} catch (const Json::exception&) {
    return std::nullopt;
}

/// A trainer that still loads holds the one lock, one that was started in another way the other.
bool isAlive(const RunDirectory& run) {
    return run.isRunning() || LaunchLock::isHeld(run);
}

}  // namespace

LocalProcessBackend::LocalProcessBackend(QObject* parent) : Backend(parent) {
    m_readers.setMaxThreadCount(1);
    m_lockTimer.setInterval(lockIntervalMs);
    connect(&m_lockTimer, &QTimer::timeout, this, &LocalProcessBackend::lookAtLocks);
}

LocalProcessBackend::~LocalProcessBackend() {
    // A kill whose five seconds are cut short by the window's end still holds.
    for (auto& [directory, child] : m_children)
        if (child.killed && child.watch) child.watch->send(SIGKILL);
}

QString LocalProcessBackend::label() const {
    return tr("Local process");
}

QString LocalProcessBackend::help() const {
    return tr("Goes on when the window is closed; the default");
}

void LocalProcessBackend::launch(const QString& runDirectory, bool resume) {
    RunDirectory run = RunDirectory::open(runDirectory.toStdString());
    if (isRunning(runDirectory))
        throw Error("the run is already running", run.path().string(), "stop it first, or wait for its end");
    const LaunchLock lock(run);

    ProcessNote note;
    note.start = AttemptStart::now(run);
    std::vector<std::string> arguments = {"train-run", run.path().string()};
    if (resume) arguments.push_back("--resume");
    if (const int processes = readPlacement(run.path()).processes; processes > 1) {
        arguments.push_back("--processes");
        arguments.push_back(std::to_string(processes));
    }
    Inheritance inheritance;
    if (const auto settings = readLaunchSettings(run.path()))
        inheritance.environment = environmentOf(*settings);
    inheritance.environment.push_back("RETORT_LAUNCH_LOCK=3");
    inheritance.descriptor = lock.descriptor();
    note.process =
        spawnDetached(trainerProgram(), arguments, run.stdoutFile(), run.stderrFile(), niceness, inheritance);
    watch(runDirectory, Child{run, note.start, nullptr, false}, note.process);
    writeNote(run, note);
}

void LocalProcessBackend::kill(const QString& runDirectory) {
    if (!adopt(runDirectory)) return;
    Child& child = m_children.at(runDirectory);
    if (child.ending) return;
    if (!child.watch)
        throw Error("the run was not started from the window and cannot be ended from here",
                    runDirectory.toStdString(), "end it where it was started, or ask it to stop");
    child.killed = true;
    child.watch->send(SIGTERM);
    QTimer::singleShot(killAfterMs, child.watch.get(), [watch = child.watch.get()] { watch->send(SIGKILL); });
}

bool LocalProcessBackend::isRunning(const QString& runDirectory) const {
    if (m_children.contains(runDirectory)) return true;
    try {
        return isAlive(RunDirectory::open(runDirectory.toStdString()));
    } catch (const Error&) {
        return false;  // no run there (any more)
    }
}

bool LocalProcessBackend::adopt(const QString& runDirectory) {
    if (m_children.contains(runDirectory)) return true;
    if (!isRunning(runDirectory)) return false;
    RunDirectory run = RunDirectory::open(runDirectory.toStdString());
    if (const auto note = readNote(run)) {
        try {
            watch(runDirectory, Child{run, note->start, nullptr, false}, note->process);
            return true;
        } catch (const Error&) {
            // The note is of an earlier attempt; the lock's holder was started elsewhere.
        }
    }
    const AttemptStart now = AttemptStart::now(run);
    m_children.emplace(runDirectory, Child{std::move(run), now, nullptr, false});
    m_lockTimer.start();
    return true;
}

void LocalProcessBackend::watch(const QString& runDirectory, Child child, ProcessIdentity process) {
    child.watch = std::make_unique<ProcessWatch>(process);
    connect(child.watch.get(), &ProcessWatch::exited, this,
            [this, runDirectory](const std::optional<ExitStatus>& status) { finish(runDirectory, status); });
    m_children.emplace(runDirectory, std::move(child));
}

/// The last lines of the trainer are read on a thread of their own: this one paints the window. Until they
/// are there the run counts as running, so that nobody launches it into its own end.
void LocalProcessBackend::finish(const QString& runDirectory, const std::optional<ExitStatus>& status) {
    const auto found = m_children.find(runDirectory);
    if (found == m_children.end() || found->second.ending) return;
    Child& child = found->second;
    child.ending = true;
    // The signal that brought us here is the watch's own.
    if (child.watch) child.watch.release()->deleteLater();
    m_readers.start([this, runDirectory, status, run = child.run, start = child.start] {
        std::error_code ignored;
        fs::remove(noteFile(run), ignored);
        const QString text = describeEnd(run, status, start);
        QMetaObject::invokeMethod(
            this,
            [this, runDirectory, text] {
                m_children.erase(runDirectory);
                Q_EMIT ended(runDirectory, text);
            },
            Qt::QueuedConnection);
    });
}

void LocalProcessBackend::lookAtLocks() {
    std::vector<QString> over;
    bool waiting = false;
    for (const auto& [directory, child] : m_children) {
        if (child.watch || child.ending) continue;
        waiting = true;
        if (!isAlive(child.run)) over.push_back(directory);
    }
    if (!waiting) m_lockTimer.stop();
    for (const QString& directory : over) finish(directory, std::nullopt);
}

}  // namespace retort
