#include "training/backends/remote/ssh_backend.h"

#include <atomic>

#include "core/machines/remote_run.h"
#include "core/util/error.h"
#include "training/backends/remote/remote_launch.h"
#include "training/backends/run_outcome.h"

namespace retort {
namespace {

constexpr int jobsAtOnce = 4;

AttemptStart lastAttempt(const QString& runDirectory) {
    const auto remote = readRemoteRun(runDirectory.toStdString());
    return remote ? AttemptStart{remote->eventsOffset, remote->standardErrorOffset} : AttemptStart{};
}

void noteEnd(const QString& runDirectory) {
    const std::filesystem::path directory = runDirectory.toStdString();
    if (auto remote = readRemoteRun(directory)) {
        remote->ended = true;
        writeRemoteRun(directory, *remote);
    }
}

bool mayGoOn(const QString& runDirectory) {
    try {
        const auto remote = readRemoteRun(runDirectory.toStdString());
        return remote && !remote->ended && !remote->program.empty();
    } catch (const Error&) {
        return false;
    }
}

}  // namespace

SshBackend::SshBackend(Machine machine, QObject* parent)
    : Backend(parent),
      m_machine(std::move(machine)),
      m_isOver(std::make_shared<std::atomic<bool>>(false)),
      m_follower(m_machine) {
    m_jobs.setMaxThreadCount(jobsAtOnce);
    connect(&m_follower, &FollowerThread::ended, this,
            [this](const QString& directory) { finish(directory, {}); });
    connect(&m_follower, &FollowerThread::failed, this, &SshBackend::finish);
    connect(&m_follower, &FollowerThread::connectionChanged, this, &SshBackend::connectionChanged);
}

SshBackend::~SshBackend() {
    *m_isOver = true;
    m_jobs.waitForDone();
}

QString SshBackend::idOf(const std::string& machineName) {
    return QStringLiteral("ssh:") + QString::fromStdString(machineName);
}

QString SshBackend::label() const {
    return QString::fromStdString(m_machine.name);
}

QString SshBackend::help() const {
    return tr("On %1, through SSH; goes on when the window is closed or the connection breaks")
        .arg(QString::fromStdString(m_machine.isLocal() ? m_machine.name : m_machine.destination));
}

void SshBackend::launch(const QString& runDirectory, bool resume) {
    const RunDirectory run = RunDirectory::open(runDirectory.toStdString());
    if (isRunning(runDirectory))
        throw Error("the run is already running", run.path().string(), "stop it first");
    MachineFollower::forgetRequests(runDirectory);
    m_runs[runDirectory] = Stage::Launching;
    const auto isKilled = m_launches[runDirectory] = std::make_shared<std::atomic<bool>>(false);
    setStep(runDirectory, tr("looking at what is there"));
    m_jobs.start([this, runDirectory, run, resume, isOver = m_isOver, isKilled, secretNames = m_secretNames] {
        const auto tell = [this](auto call) { QMetaObject::invokeMethod(this, call, Qt::QueuedConnection); };
        try {
            const std::unique_ptr<Shell> shell = Shell::ssh(m_machine);
            WorkPlace place =
                openWorkPlace(*shell, m_machine, [isOver, isKilled, control = ControlReader(run.path())] {
                    return *isOver || *isKilled || control.isAsked(Request::Stop);
                });
            place.say = [&](const std::string& text) {
                tell([this, runDirectory, line = QString::fromStdString(text)] {
                    Q_EMIT progress(runDirectory, line);
                });
            };
            place.advance = sayingHowMuch([&](const QString& step) {
                tell([this, runDirectory, step] { setStep(runDirectory, step); });
            });
            Secrets secrets;
            if (secretNames) secrets = readSecrets(m_machine.name, secretNames(), place.stop);
            launchThere(place, run, resume, secrets);
            tell([this, runDirectory, isKilled] {
                startFollowing(runDirectory);
                if (*isKilled) killInJob(runDirectory, false);
            });
        } catch (const std::exception& error) {
            const bool isStopped = *isKilled || ControlReader(run.path()).isAsked(Request::Stop);
            tell([this, runDirectory, isKilled, isStopped, text = QString::fromUtf8(error.what())] {
                // The connection may have broken behind the start: then following finds out what became of
                // it.
                if (mayGoOn(runDirectory)) {
                    startFollowing(runDirectory);
                    if (*isKilled) killInJob(runDirectory, true);
                } else {
                    conclude(runDirectory, isStopped ? tr("It was ended before it began.") : text);
                }
            });
        }
    });
}

void SshBackend::kill(const QString& runDirectory) {
    if (!adopt(runDirectory)) return;
    if (m_runs.at(runDirectory) != Stage::Launching) return killInJob(runDirectory, false);
    *m_launches.at(runDirectory) = true;
}

/// A trainer whose start was cut off may only now be beginning.
void SshBackend::killInJob(const QString& runDirectory, bool mayNotHaveBegun) {
    constexpr int tries = 10, pauseMs = 500;
    m_jobs.start([this, runDirectory, mayNotHaveBegun, isOver = m_isOver] {
        const auto stop = [isOver] { return isOver->load(); };
        try {
            const auto remote = readRemoteRun(runDirectory.toStdString());
            if (!remote) return;
            const std::unique_ptr<Shell> shell = Shell::ssh(m_machine);
            for (int i = 0; !killThere(*shell, *remote, stop) && mayNotHaveBegun && i < tries && !stop(); ++i)
                QThread::msleep(pauseMs);
        } catch (const std::exception& error) {
            const QString text = QString::fromUtf8(error.what());
            QMetaObject::invokeMethod(
                this, [this, runDirectory, text] { Q_EMIT problem(runDirectory, text); },
                Qt::QueuedConnection);
        }
    });
}

bool SshBackend::isRunning(const QString& runDirectory) const {
    return m_runs.contains(runDirectory);
}

bool SshBackend::adopt(const QString& runDirectory) {
    if (isRunning(runDirectory)) return true;
    try {
        const auto remote = readRemoteRun(runDirectory.toStdString());
        if (!remote || remote->machine != m_machine.name || remote->scheduler != "none" || remote->ended ||
            remote->program.empty())
            return false;
    } catch (const Error&) {
        return false;
    }
    startFollowing(runDirectory);
    return true;
}

/// Of a launch that goes on.
void SshBackend::setStep(const QString& runDirectory, const QString& step) {
    if (!step.isEmpty() && !m_launches.contains(runDirectory)) return;
    if (m_steps.set(runDirectory, step)) Q_EMIT launchStepChanged(runDirectory);
}

void SshBackend::startFollowing(const QString& runDirectory) {
    m_launches.erase(runDirectory);
    setStep(runDirectory, {});
    m_runs[runDirectory] = Stage::Following;
    m_follower.follow(runDirectory);
}

/// What the run left behind is read by a job: this thread paints the window.
void SshBackend::finish(const QString& runDirectory, const QString& problem) {
    const auto found = m_runs.find(runDirectory);
    if (found == m_runs.end() || found->second == Stage::Ending) return;
    found->second = Stage::Ending;
    m_jobs.start([this, runDirectory, problem] {
        QString text = problem;
        try {
            if (text.isEmpty())
                text = describeEnd(RunDirectory::open(runDirectory.toStdString()), std::nullopt,
                                   lastAttempt(runDirectory));
            // A problem here, a full disk say, is not the end there: it is followed again when it is adopted.
            if (problem.isEmpty()) noteEnd(runDirectory);
        } catch (const std::exception& error) {
            if (text.isEmpty()) text = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(
            this, [this, runDirectory, text] { conclude(runDirectory, text); }, Qt::QueuedConnection);
    });
}

void SshBackend::conclude(const QString& runDirectory, const QString& error) {
    m_runs.erase(runDirectory);
    m_launches.erase(runDirectory);
    setStep(runDirectory, {});
    Q_EMIT ended(runDirectory, error);
}

}  // namespace retort
