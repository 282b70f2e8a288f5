#include "training/backends/in_process_backend.h"

#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>

#include "core/config/run_config.h"
#include "core/runlog/placement.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr int niceness = 5;  // of the training thread and the workers that it starts: the window comes first
constexpr std::chrono::seconds longestGoodbye(15);

/// The thread's top: nothing is thrown beyond it.
QString trainAndCatch(const InProcessBackend::Loader& loader, const QString& runDirectory, bool resume,
                      std::stop_token stop) {
    try {
        loader().train(RunDirectory::open(runDirectory.toStdString()), resume, std::move(stop));
        return {};
    } catch (const std::exception& error) {
        const QString text = QString::fromUtf8(error.what());
        return text.isEmpty() ? InProcessBackend::tr("The trainer failed without a message") : text;
    } catch (...) {
        return InProcessBackend::tr("The trainer failed with an unknown exception");
    }
}

}  // namespace

/// What the thread shares with its owner, and keeps when the owner could not wait for it any longer.
struct InProcessBackend::Job {
    QString runDirectory;
    std::stop_source stop;

    std::mutex mutex;
    std::condition_variable changed;
    bool isOver = false;
    InProcessBackend* owner = nullptr;  ///< null once the backend is gone
};

InProcessBackend::InProcessBackend(QObject* parent, Loader loader)
    : Backend(parent), m_loader(std::move(loader)) {}

InProcessBackend::~InProcessBackend() {
    if (!m_job) return;
    m_job->stop.request_stop();
    std::unique_lock lock(m_job->mutex);
    m_job->owner = nullptr;
    const bool isOver = m_job->changed.wait_for(lock, longestGoodbye, [this] { return m_job->isOver; });
    lock.unlock();
    if (isOver)
        m_thread.join();
    else
        m_thread.detach();
}

QString InProcessBackend::label() const {
    return tr("In this program");
}

QString InProcessBackend::help() const {
    return tr("For short runs: ends when the window is closed, one at a time");
}

void InProcessBackend::launch(const QString& runDirectory, bool resume) {
    if (m_job)
        throw Error("another run trains in this program", m_job->runDirectory.toStdString(),
                    "wait for its end, stop it, or launch this one as a local process");
    const RunDirectory run = RunDirectory::open(runDirectory.toStdString());
    // Its guard is a fork, and what it starts outlives a window that is closed.
    if (run.identity().recipe == externalRecipe)
        throw Error("a command is a process of its own, and cannot run in this program", run.path().string(),
                    "launch it as a local process");
    if (readPlacement(run.path()).processes > 1)
        throw Error("several processes cannot train in this program", run.path().string(),
                    "launch it as a local process");
    if (run.isRunning()) throw Error("the run is already running", run.path().string(), "stop it first");

    m_job = std::make_shared<Job>();
    m_job->runDirectory = runDirectory;
    m_job->owner = this;
    m_thread = std::thread([job = m_job, loader = m_loader, runDirectory, resume] {
        ::setpriority(PRIO_PROCESS, id_t(::gettid()), niceness);
        const QString error = trainAndCatch(loader, runDirectory, resume, job->stop.get_token());
        const std::lock_guard lock(job->mutex);
        job->isOver = true;
        if (InProcessBackend* owner = job->owner)
            QMetaObject::invokeMethod(
                owner, [owner, error] { owner->finish(error); }, Qt::QueuedConnection);
        job->changed.notify_all();
    });
}

void InProcessBackend::kill(const QString& runDirectory) {
    if (isRunning(runDirectory)) m_job->stop.request_stop();
}

bool InProcessBackend::isRunning(const QString& runDirectory) const {
    return m_job && m_job->runDirectory == runDirectory;
}

void InProcessBackend::finish(const QString& error) {
    m_thread.join();
    const QString runDirectory = m_job->runDirectory;
    m_job.reset();
    Q_EMIT ended(runDirectory, error);
}

}  // namespace retort
