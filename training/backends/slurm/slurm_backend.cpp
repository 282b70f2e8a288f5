#include "training/backends/slurm/slurm_backend.h"

#include <algorithm>

#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr int pollIntervalMs = 4000, longestIntervalMs = 60000;
// One answer without it may be the controller's, which has just come back and reads its state.
constexpr int forgottenAnswers = 2;
constexpr int mostTries = 5;  // to learn a number whose answer was lost

std::vector<RunDirectory> opened(const QStringList& runDirectories) {
    std::vector<RunDirectory> runs;
    for (const QString& directory : runDirectories)
        runs.push_back(RunDirectory::open(directory.toStdString()));
    return runs;
}

QString textOf(const std::string& text) {
    return QString::fromUtf8(text.c_str());
}

}  // namespace

SlurmBackend::SlurmBackend(Machine machine, QObject* parent)
    : Backend(parent),
      m_machine(std::move(machine)),
      m_shell(Shell::ssh(m_machine)),
      m_client(*m_shell, m_machine.environment),
      m_intervalMs(pollIntervalMs),
      m_follower(m_machine),
      m_isOver(std::make_shared<std::atomic<bool>>(false)) {
    m_jobs.setMaxThreadCount(1);
    m_readers.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &SlurmBackend::poll);
    connect(&m_follower, &FollowerThread::ended, this, [this](const QString& directory) {
        const auto found = m_runs.find(directory);
        if (found != m_runs.end() && found->second.end) readEnd(directory, *found->second.end);
    });
    // The job goes on; the run is followed again when it is adopted.
    connect(&m_follower, &FollowerThread::failed, this, &SlurmBackend::conclude);
    connect(&m_follower, &FollowerThread::connectionChanged, this,
            [this](bool isConnected, const QString& text) {
                if (isConnected || !text.isEmpty())
                    for (const auto& [directory, run] : m_runs)
                        if (run.isMirror) Q_EMIT problem(directory, text);
            });
}

SlurmBackend::~SlurmBackend() {
    *m_isOver = true;
    m_jobs.waitForDone();
}

QString SlurmBackend::idOf(const std::string& machineName) {
    return QStringLiteral("slurm:") + QString::fromStdString(machineName);
}

QString SlurmBackend::label() const {
    return tr("%1 (Slurm)").arg(QString::fromStdString(m_machine.name));
}

QString SlurmBackend::help() const {
    return tr(
        "As a job of Slurm: waits for its turn, and goes on after preemption and when the window is closed");
}

/// Whether it begins or continues, the script decides there: the same job may do both.
void SlurmBackend::launch(const QString& runDirectory, bool /*resume*/) {
    submit({runDirectory}, false);
}

void SlurmBackend::launchArray(const QStringList& runDirectories) {
    submit(runDirectories, true);
}

void SlurmBackend::submit(const QStringList& runDirectories, bool isArray) {
    const std::vector<RunDirectory> runs = opened(runDirectories);
    for (qsizetype i = 0; i < runDirectories.size(); ++i)
        if (isRunning(runDirectories[i]) || runs[std::size_t(i)].isRunning())
            throw Error("the run is already running", runDirectories[i].toStdString(),
                        "stop it first, or wait for its end");
    std::vector<std::shared_ptr<std::atomic<bool>>> cancelled;
    for (const QString& directory : runDirectories) {
        m_runs[directory] = Run{};
        cancelled.push_back(m_runs[directory].isCancelled);
    }
    setStep(runDirectories, tr("looking at what is there"));
    // An array is given up when all of its runs are.
    const auto isGivenUp = [cancelled] {
        return std::all_of(cancelled.begin(), cancelled.end(), [](const auto& each) { return each->load(); });
    };
    m_jobs.start([this, runDirectories, isArray, isGivenUp, isOver = m_isOver] {
        const auto tell = [this](auto call) { QMetaObject::invokeMethod(this, call, Qt::QueuedConnection); };
        try {
            const Ready ready =
                prepare(runDirectories, isArray, [isOver, isGivenUp] { return *isOver || isGivenUp(); });
            if (isGivenUp()) throw Error("cancelled");
            tell([this, runDirectories, ready, isArray] { onReady(runDirectories, ready, isArray); });
        } catch (const std::exception& error) {
            tell([this, runDirectories, isGivenUp, text = textOf(error.what())] {
                for (const QString& directory : runDirectories)
                    conclude(directory, isGivenUp() ? tr("It was ended before it began.") : text);
            });
        }
    });
}

void SlurmBackend::setStep(const QStringList& runDirectories, const QString& step) {
    for (const QString& directory : runDirectories) {
        const auto found = m_runs.find(directory);
        const bool isLaunched = found != m_runs.end() && found->second.stage == Stage::Submitting;
        if (m_steps.set(directory, isLaunched ? step : QString())) Q_EMIT launchStepChanged(directory);
    }
}

/// In a thread of its own.
SlurmBackend::Ready SlurmBackend::prepare(const QStringList& runDirectories, bool isArray,
                                          const std::function<bool()>& stop) {
    const std::vector<RunDirectory> runs = opened(runDirectories);
    for (const RunDirectory& run : runs)
        if (const auto note = readSlurmNote(run.path());
            m_usualRequest && (!note || note->machine != m_machine.name))
            prepareSlurmRun(run.path(), m_machine.name, m_usualRequest());
    Ready ready;
    if (m_secretNames) ready.secrets = readSecrets(m_machine.name, m_secretNames(), stop);
    ready.script = isArray ? slurmScriptForArray(m_machine, runs) : slurmScriptFor(m_machine, runs.front());
    ready.places = findPlaces(runs, runDirectories, stop);
    for (const std::string& directory : ready.places.directories) checkSlurmDirectory(directory);
    return ready;
}

/// In a thread of its own.
SlurmPlaces SlurmBackend::findPlaces(const std::vector<RunDirectory>& runs, const QStringList& runDirectories,
                                     const std::function<bool()>& stop) {
    const std::unique_ptr<Shell> shell = Shell::ssh(m_machine);
    const fs::path folder = runs.front().path().parent_path();
    bool isShared = m_machine.isLocal();
    if (!isShared && !isRemoteRun(runs.front().path())) {
        if (!m_isSeen.contains(folder)) m_isSeen[folder] = seesFolder(*shell, folder, stop);
        isShared = m_isSeen[folder];
    }
    const auto tell = [this](auto call) { QMetaObject::invokeMethod(this, call, Qt::QueuedConnection); };
    const auto say = [&](const std::string& text) {
        tell([this, first = runDirectories.first(), line = textOf(text)] { Q_EMIT progress(first, line); });
    };
    const auto sayStep = [&](const QString& step) {
        tell([this, runDirectories, step] { setStep(runDirectories, step); });
    };
    return placeSlurmRuns(*shell, m_machine, runs, isShared, say, stop, sayingHowMuch(sayStep));
}

void SlurmBackend::onReady(const QStringList& runDirectories, const Ready& ready, bool isArray) {
    const SlurmPlaces& places = ready.places;
    try {
        for (qsizetype i = 0; i < runDirectories.size(); ++i) {
            const RunDirectory here = RunDirectory::open(runDirectories[i].toStdString());
            Run& run = m_runs[runDirectories[i]];
            run.note = slurmNoteOf(here.path(), m_machine.name);
            if (!run.note.job.empty()) run.note.previous = run.note.job;
            run.note.job.clear();
            run.note.directory = places.directories[std::size_t(i)];
            run.note.start = AttemptStart::now(here);
            run.note.ended = false;
            run.isMirror = !places.isShared;
            // Kept before sbatch is called: a window that dies in between finds the number there, in
            // control/slurm-job.
            writeSlurmNote(here.path(), run.note);
        }
    } catch (const std::exception& error) {
        for (const QString& directory : runDirectories) conclude(directory, textOf(error.what()));
        return;
    }
    setStep(runDirectories, tr("submitting the job"));
    const std::string& first = places.directories.front();
    m_client.submit(
        isArray ? slurmArrayFolder(first) : first, withSlurmProgram(ready.script, places.program),
        isArray ? places.directories : std::vector<std::string>(),
        [this, runDirectories, isArray](const std::string& job) {
            onSubmitted(runDirectories, job, isArray);
        },
        [this, runDirectories](const Error& error) {
            for (const QString& directory : runDirectories)
                findNumber(directory, textOf(error.what()), mostTries);
        },
        ready.secrets);
}

/// The connection may have broken just as sbatch gave the number.
void SlurmBackend::findNumber(const QString& runDirectory, const QString& error, int triesLeft) {
    const auto found = m_runs.find(runDirectory);
    if (found == m_runs.end() || found->second.stage != Stage::Submitting) return;
    const auto again = [this, runDirectory, error, triesLeft] {
        if (triesLeft <= 1) return conclude(runDirectory, error);
        QTimer::singleShot(m_intervalMs, this, [this, runDirectory, error, triesLeft] {
            findNumber(runDirectory, error, triesLeft - 1);
        });
    };
    m_client.submitted(
        found->second.note.directory,
        [this, runDirectory, error, again](const std::string& job, bool isUnderWay) {
            const auto run = m_runs.find(runDirectory);
            if (run == m_runs.end()) return;
            if (!job.empty() && job != run->second.note.previous)
                return onSubmitted({runDirectory}, job, false);
            if (isUnderWay) return again();
            run->second.note.ended = true;
            try {
                keepNote(runDirectory, run->second);
            } catch (const std::exception&) {  // a full disk: a later window asks once more
            }
            conclude(runDirectory, error);
        },
        [again](const Error&) { again(); });
}

/// control/slurm.json, and of a mirror remote.json, for a later window.
void SlurmBackend::keepNote(const QString& runDirectory, const Run& run) {
    const fs::path directory = runDirectory.toStdString();
    writeSlurmNote(directory, run.note);
    if (!run.isMirror) return;
    if (auto remote = readRemoteRun(directory)) {
        remote->job = run.note.job;
        remote->ended = run.note.ended;
        writeRemoteRun(directory, *remote);
    }
}

void SlurmBackend::follow(const QString& runDirectory) {
    if (m_runs.at(runDirectory).isMirror) m_follower.follow(runDirectory);
}

void SlurmBackend::onSubmitted(const QStringList& runDirectories, const std::string& job, bool isArray) {
    for (qsizetype i = 0; i < runDirectories.size(); ++i) {
        const auto found = m_runs.find(runDirectories[i]);
        if (found == m_runs.end()) continue;
        Run& run = found->second;
        run.stage = Stage::Queued;
        setStep({runDirectories[i]}, {});
        run.note.job = isArray ? job + "_" + std::to_string(i) : job;
        try {
            keepNote(runDirectories[i], run);
        } catch (const std::exception& error) {
            // The disk is full: it is followed all the same.
            Q_EMIT problem(runDirectories[i], textOf(error.what()));
        }
        follow(runDirectories[i]);
        Q_EMIT submitted(runDirectories[i], textOf(run.note.job));
        if (*run.isCancelled) act(runDirectories[i], SlurmClient::Action::Cancel);
    }
    poll();
}

void SlurmBackend::act(const QString& runDirectory, SlurmClient::Action action) {
    if (!adopt(runDirectory))
        throw Error("the run has no job in Slurm", runDirectory.toStdString(),
                    "it has ended, or was started elsewhere");
    Run& run = m_runs.at(runDirectory);
    if (run.note.job.empty()) {
        if (action == SlurmClient::Action::Cancel) *run.isCancelled = true;
        return;
    }
    m_client.act(
        action, {run.note.job}, [this] { poll(); },
        [this, runDirectory](const Error& error) { Q_EMIT problem(runDirectory, textOf(error.what())); });
}

void SlurmBackend::kill(const QString& runDirectory) {
    if (adopt(runDirectory)) act(runDirectory, SlurmClient::Action::Cancel);
}

void SlurmBackend::requeue(const QString& runDirectory) {
    act(runDirectory, SlurmClient::Action::Requeue);
}

void SlurmBackend::hold(const QString& runDirectory) {
    act(runDirectory, SlurmClient::Action::Hold);
}

void SlurmBackend::release(const QString& runDirectory) {
    act(runDirectory, SlurmClient::Action::Release);
}

void SlurmBackend::setNice(const QString& runDirectory, int nice) {
    if (!adopt(runDirectory)) return;
    const Run& run = m_runs.at(runDirectory);
    if (run.note.job.empty() || (run.job && slurmPhase(run.job->state) != SlurmPhase::Waiting)) return;
    m_client.setNice(
        {run.note.job}, slurmNiceOf(nice), [this] { poll(); },
        [this, runDirectory](const Error& error) { Q_EMIT problem(runDirectory, textOf(error.what())); });
}

bool SlurmBackend::isRunning(const QString& runDirectory) const {
    return m_runs.contains(runDirectory);
}

bool SlurmBackend::adopt(const QString& runDirectory) {
    if (isRunning(runDirectory)) return true;
    try {
        const auto note = readSlurmNote(runDirectory.toStdString());
        if (!note || note->machine != m_machine.name || note->ended || note->directory.empty()) return false;
        // The window that submitted it was gone before it had the number.
        const bool hasNumber = !note->job.empty();
        Run run;
        run.stage = hasNumber ? Stage::Queued : Stage::Submitting;
        run.note = *note;
        run.isMirror = isRemoteRun(runDirectory.toStdString());
        m_runs[runDirectory] = std::move(run);
        if (!hasNumber) {
            findNumber(runDirectory, tr("The job was not submitted: this program ended before"), mostTries);
            return true;
        }
    } catch (const Error&) {
        return false;
    }
    follow(runDirectory);
    if (!m_isAsking) m_timer.start(0);
    return true;
}

std::optional<SlurmJob> SlurmBackend::job(const QString& runDirectory) const {
    const auto found = m_runs.find(runDirectory);
    return found == m_runs.end() ? std::nullopt : found->second.job;
}

void SlurmBackend::setPollInterval(int milliseconds) {
    m_intervalMs = milliseconds;
}

void SlurmBackend::poll() {
    if (m_isAsking) return;
    std::vector<std::string> jobs;
    for (const auto& [directory, run] : m_runs)
        if (run.stage == Stage::Queued) jobs.push_back(run.note.job);
    if (jobs.empty()) return;
    m_isAsking = true;
    m_client.states(
        jobs,
        [this](const std::vector<SlurmJob>& found) {
            m_isAsking = false;
            onStates(found);
        },
        [this](const Error& error) {
            m_isAsking = false;
            slowDown(error);
        });
}

void SlurmBackend::slowDown(const Error& error) {
    const QString text = textOf(error.what());
    if (std::exchange(m_problem, text) != text)
        for (const auto& [directory, run] : m_runs) Q_EMIT problem(directory, text);
    m_timer.start(std::min(longestIntervalMs, std::max(m_timer.interval(), m_intervalMs) * 2));
}

void SlurmBackend::onStates(const std::vector<SlurmJob>& jobs) {
    if (!std::exchange(m_problem, QString()).isEmpty())
        for (const auto& [directory, run] : m_runs) Q_EMIT problem(directory, QString());
    QStringList directories;
    for (const auto& [directory, run] : m_runs) directories << directory;
    for (const QString& directory : directories)
        if (const auto found = m_runs.find(directory); found != m_runs.end())
            look(directory, found->second, jobs);
    m_timer.start(m_intervalMs);
}

void SlurmBackend::look(const QString& runDirectory, Run& run, const std::vector<SlurmJob>& jobs) {
    if (run.stage != Stage::Queued) return;
    const auto found =
        std::find_if(jobs.begin(), jobs.end(), [&](const SlurmJob& each) { return each.id == run.note.job; });
    if (found == jobs.end()) {
        if (++run.forgotten >= forgottenAnswers) askForEnd(runDirectory);
        return;
    }
    run.forgotten = 0;
    const bool isNew = run.job != *found;
    run.job = *found;
    if (slurmPhase(found->state) == SlurmPhase::Over) askForEnd(runDirectory);
    if (isNew) Q_EMIT jobChanged(runDirectory);
}

void SlurmBackend::askForEnd(const QString& runDirectory) {
    Run& run = m_runs.at(runDirectory);
    run.stage = Stage::Ending;
    m_client.end(
        run.note.job, run.note.directory,
        [this, runDirectory](const SlurmEnd& end) { finish(runDirectory, end); },
        [this, runDirectory](const Error& error) {
            // Asked again with the next answer.
            if (const auto found = m_runs.find(runDirectory); found != m_runs.end())
                found->second.stage = Stage::Queued;
            slowDown(error);
        });
}

void SlurmBackend::finish(const QString& runDirectory, const SlurmEnd& end) {
    const auto found = m_runs.find(runDirectory);
    if (found == m_runs.end()) return;
    Run& run = found->second;
    // Between the two questions it may have gone back into the queue.
    if (!end.job.state.empty() && slurmPhase(end.job.state) != SlurmPhase::Over) {
        run.stage = Stage::Queued;
        run.forgotten = 0;
        return m_timer.start(m_intervalMs);
    }
    SlurmEnd known = end;
    if (known.job.state.empty() && run.job && slurmPhase(run.job->state) == SlurmPhase::Over)
        known.job = *run.job;
    if (!run.isMirror) return readEnd(runDirectory, known);
    run.end = known;
    m_follower.endAt(runDirectory, known.sizes);
}

/// What the run left behind is read on a thread of its own: this one paints the window.
void SlurmBackend::readEnd(const QString& runDirectory, const SlurmEnd& known) {
    m_readers.start([this, runDirectory, known, run = m_runs.at(runDirectory)]() mutable {
        const SlurmNote& note = run.note;
        QString text;
        try {
            const RunDirectory directory = RunDirectory::open(runDirectory.toStdString());
            const auto said = endOfLastAttempt(directory, note.start.events);
            const bool isComplete = said && said->outcome == "finished";
            text = textOf(explainSlurmEnd(known.job, known.note, isComplete));
            const QString trouble = said ? textOf(said->error) : QString();
            if (!text.isEmpty() && !trouble.isEmpty())
                text = trouble + QStringLiteral(" (") + text + QLatin1Char(')');
            const QString lines = lastLines(directory.stderrFile(), note.start.standardError);
            if (!text.isEmpty() && !lines.isEmpty()) text += QLatin1Char('\n') + lines;
            run.note.ended = true;
            keepNote(runDirectory, run);
        } catch (const std::exception& error) {
            if (text.isEmpty()) text = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(
            this, [this, runDirectory, text] { conclude(runDirectory, text); }, Qt::QueuedConnection);
    });
}

void SlurmBackend::conclude(const QString& runDirectory, const QString& error) {
    m_runs.erase(runDirectory);
    setStep({runDirectory}, {});
    Q_EMIT ended(runDirectory, error);
}

}  // namespace retort
