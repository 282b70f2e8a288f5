// Lab's part that starts, steers and ends runs.
#include <QTimer>
#include <algorithm>
#include <future>
#include <memory>
#include <optional>

#include "core/config/launch.h"
#include "core/config/parallel_recipes.h"
#include "core/machines/remote_run.h"
#include "core/queue/waiting_runs.h"
#include "core/runlog/control.h"
#include "core/runlog/launch_settings.h"
#include "core/runlog/placement.h"
#include "core/runlog/priority.h"
#include "core/runlog/run_directory.h"
#include "core/store/run_finder.h"
#include "training/backends/queue/queue_runner.h"
#include "training/backends/queue/queue_start.h"
#include "training/backends/run_settling.h"
#include "training/backends/slurm/slurm_backend.h"
#include "views/lab_adopted.h"
#include "views/lab_p.h"

namespace retort {

namespace {

bool isUnderWay(const std::string& state) {
    return state == "running" || state == "paused";
}

Error notOurs(const RunRow& run) {
    return Error("this run belongs to another program", run.name,
                 "what is asked here does not reach it; it can be left, and followed again");
}

/// Whether it goes on where no lock of this machine tells: on another machine, in Slurm's queue, or in
/// another program.
bool goesOnElsewhere(const RunRow& run) {
    const std::filesystem::path directory = run.directory;
    std::error_code code;
    if (std::filesystem::exists(directory / "adopted.json", code)) return run.state != "created";
    const auto remote = readRemoteRun(directory);
    return (remote && !remote->ended && !remote->program.empty()) || hasOpenJob(directory);
}

}  // namespace

RunDirectory makeDirectory(const LaunchRequest& request, const std::filesystem::path& root,
                           StoreReader& reader) {
    const auto base = request.base.empty() ? std::filesystem::current_path() : request.base;
    const PreparedRun prepared = prepareRun(parseConfig(request.yaml, "config.yaml"), base, finderIn(reader));
    requireParallelRecipe(prepared.config, request.processes);
    const RunDirectory run = createRun(prepared, root, "retort " RETORT_VERSION);
    if (request.processes > 1) writePlacement(run.path(), {request.processes});
    return run;
}

void Lab::launch(const LaunchRequest& request, QObject* context, std::function<void(RowId)> done,
                 std::function<void(const Error&)> failed) {
    const auto told = [done = std::move(done)](const Started& started) { done(started.run); };
    (this->*(request.isQueued ? &Lab::enqueue : &Lab::start))(request, context, told, std::move(failed));
}

void Lab::start(const LaunchRequest& request, QObject* context, std::function<void(const Started&)> done,
                std::function<void(const Error&)> failed) {
    struct Made {
        Started started;
        std::optional<Error> error;
    };
    const auto make = [this, request, root = runsFolder()](StoreReader& reader) {
        try {
            const RunDirectory directory = makeDirectory(request, root, reader);
            const RowId run = m_writer->addRun(directory, request.backend.toStdString()).get();
            return Made{{run, directory.path()}, std::nullopt};
        } catch (const Error& error) {
            return Made{{}, error};
        }
    };
    read(context, make,
         [this, request, done = std::move(done), failed = std::move(failed)](const Made& made) {
             try {
                 if (made.error) throw *made.error;
                 launchDirectory(made.started.run, made.started.directory, request.backend, false);
             } catch (const Error& error) {
                 if (made.started.run) m_writer->setState(made.started.run, "failed", error.what());
                 failed(error);
                 return;
             }
             done(made.started);
         });
}

void Lab::launchDirectory(RowId run, const std::filesystem::path& directory, const QString& backendId,
                          bool resume) {
    Backend* chosen = backend(backendId);
    if (!chosen) throw Error("there is no backend '" + backendId.toStdString() + "'", "backend");
    const QString path = QString::fromStdString(directory.string());
    m_impl->launched.insert(path, run);
    m_writer->follow(run);
    try {
        chosen->launch(path, resume);
        noteJob(path);
    } catch (...) {
        if (!chosen->isRunning(path)) m_impl->launched.remove(path);
        throw;
    }
}

void Lab::resume(const RunRow& run, const QString& backendId) {
    if (isAdopted(run)) return followAdopted(*this, run);
    const QString chosen = backendId.isEmpty() ? QString::fromStdString(run.backend) : backendId;
    struct Ready {
        std::optional<Error> error;
        bool begun = false;
    };
    const auto prepare = [this, run](StoreReader& reader) {
        Ready ready;
        const auto waited = m_writer->unqueueRuns({run.id}, true).get();
        try {
            for (const QueuedRun& each : reader.queuedRuns())
                if (each.run == run.id) throw Error("the queue is starting this run, or has", run.directory);
            ready.begun = hasBegun(run.directory);
            if (!waited.empty() && !ready.begun) resolveWaitingRun(*m_writer, reader, run);
            // A request left over from before would stop it again at once.
            withdrawLeftOver(run.directory);
            removeLaunchSettings(run.directory);
        } catch (const Error& error) {
            m_writer->queueRuns(waited).get();
            ready.error = error;
        }
        return ready;
    };
    read(this, prepare, [this, id = run.id, directory = run.directory, chosen](const Ready& ready) {
        try {
            if (ready.error) throw *ready.error;
            launchDirectory(id, directory, chosen, ready.begun);
        } catch (const Error& error) {
            report(error);
        }
    });
}

void Lab::requestStop(const RunRow& run) {
    if (isAdopted(run)) return report(notOurs(run));
    if (isUnderWay(run.state)) return stopGoing(run);
    enum class Was { Waiting, BeingStarted, Elsewhere };
    // Under way at once: the window may be closed the next moment.
    const auto taken = std::make_shared<std::future<std::vector<QueuedRun>>>(m_writer->unqueueRuns({run.id}));
    const auto takeOut = [run, taken](StoreReader& reader) {
        if (!taken->get().empty()) return Was::Waiting;
        const std::vector<QueuedRun> queue = reader.queuedRuns();
        const auto isMeant = [&](const QueuedRun& each) { return each.run == run.id; };
        return std::any_of(queue.begin(), queue.end(), isMeant) ? Was::BeingStarted : Was::Elsewhere;
    };
    read(this, takeOut, [this, run](Was was) {
        if (was == Was::Waiting) return;
        const bool isLaunched = m_impl->launched.contains(QString::fromStdString(run.directory));
        if (was == Was::Elsewhere && !isLaunched && run.state == "created")
            m_writer->setState(run.id, "stopped", {});
        else
            stopGoing(run);
    });
}

void Lab::stopGoing(const RunRow& run) {
    // In a scheduler's queue nobody looks for a request; but whoever submits it does, and whoever sees its
    // end.
    std::function<void()> then;
    if (run.state == "created" && slurm(QString::fromStdString(run.backend)))
        then = [this, run] { kill(run); };
    control(
        run,
        [](const std::filesystem::path& directory) {
            withdraw(directory, Request::Pause);  // a paused run would not look
            ask(directory, Request::Stop);
        },
        then);
}

void Lab::requestPause(const RunRow& run, bool paused) {
    if (isAdopted(run)) return report(notOurs(run));
    control(run, [paused](const std::filesystem::path& directory) {
        if (paused)
            ask(directory, Request::Pause);
        else
            withdraw(directory, Request::Pause);
    });
}

void Lab::requestCheckpoint(const RunRow& run) {
    if (isAdopted(run)) return report(notOurs(run));
    control(run, [](const std::filesystem::path& directory) { ask(directory, Request::Checkpoint); });
}

void Lab::requestPriority(const RunRow& run, int nice) {
    if (isAdopted(run)) return report(notOurs(run));
    if (run.backend == "in-process")
        return report(Error("a run in this program has no priority of its own", run.name,
                            "launch it as a local process"));
    if (auto* slurm = qobject_cast<SlurmBackend*>(backend(QString::fromStdString(run.backend))))
        slurm->setNice(QString::fromStdString(run.directory), nice);
    control(run, [nice](const std::filesystem::path& directory) { askPriority(directory, nice); });
    // The trainer looks a few times a second; from another machine it takes a little longer to be told.
    constexpr int looksMs[] = {1000, 4000};
    for (const int ms : looksMs)
        QTimer::singleShot(ms, this, [this, run, nice, isLast = ms == looksMs[1]] {
            compute(
                this, [directory = run.directory] { return readPriorityState(directory); },
                [this, run, nice, isLast](const std::optional<PriorityState>& state) {
                    Q_EMIT runChanged(run.id);
                    if (isLast && state && state->asked == nice && !state->problem.empty())
                        report(Error(state->problem, run.name));
                });
        });
}

void Lab::kill(const RunRow& run) {
    if (isAdopted(run)) return leaveAdopted(*this, run);
    try {
        Backend* holder = m_impl->replacedHolderOf(QString::fromStdString(run.directory));
        if (!holder) holder = backend(QString::fromStdString(run.backend));
        if (holder) holder->kill(QString::fromStdString(run.directory));
    } catch (const Error& error) {
        report(error);
    }
}

/// Control requests are files; they are touched off the GUI thread as every file is, and none is dropped when
/// the window closes.
void Lab::control(const RunRow& run, std::function<void(const std::filesystem::path&)> act,
                  std::function<void()> then) {
    ++m_pendingReads;
    m_impl->requests.start([this, directory = std::filesystem::path(run.directory), act = std::move(act),
                            then = std::move(then)] {
        QString problem;
        try {
            act(directory);
        } catch (const Error& error) {
            problem = errorText(error);
        } catch (const std::exception& error) {
            problem = QString::fromUtf8(error.what());
        }
        QMetaObject::invokeMethod(this, [this, problem, then] {
            --m_pendingReads;
            if (!problem.isEmpty()) return Q_EMIT failed(problem);
            if (then) then();
        });
    });
}

void Lab::onEnded(const QString& runDirectory, const QString& error) {
    const RowId known = m_impl->launched.take(runDirectory);
    // From the loop: it may be one of them that is just saying this.
    QMetaObject::invokeMethod(
        this, [this] { m_impl->dropReplaced(); }, Qt::QueuedConnection);
    settle(known, runDirectory, error);
}

/// Brings the store to the log's end, and tells the queue, whatever comes of that.
void Lab::settle(RowId known, const QString& runDirectory, const QString& error) {
    struct Settled {
        RowId run = 0;
        QString problem;
    };
    const auto look = [this, known, runDirectory, error](StoreReader& reader) {
        Settled settled{known, {}};
        try {
            if (known == 0)  // started by an earlier window
                for (const RunRow& row : reader.runs(true))
                    if (row.directory == runDirectory.toStdString()) settled.run = row.id;
            if (settled.run != 0) settleRun(*m_writer, reader, settled.run, error.toStdString());
        } catch (const Error& problem) {
            settled.problem = errorText(problem);
        }
        return settled;
    };
    read(this, look, [this](const Settled& settled) {
        if (!settled.problem.isEmpty()) Q_EMIT failed(settled.problem);
        m_queue->runEnded(settled.run);
    });
}

/// Follows a run that another program, or this one before, has started; false: nothing trains it.
bool Lab::takeCharge(RowId run, const QString& directory, const QString& backendId) {
    if (m_impl->launched.contains(directory)) return true;
    // The one that it was started on first: a lock may be seen by others, too.
    Backend* own = backend(backendId);
    bool isTaken = own && own->adopt(directory);
    for (const auto& each : m_backends) isTaken = isTaken || each->adopt(directory);
    if (!isTaken) return false;
    m_impl->launched.insert(directory, run);
    m_writer->follow(run);
    return true;
}

/// Runs that an earlier window left going are followed again; those that nothing holds any more are marked
/// lost.
void Lab::followRunning() {
    const auto look = [this](StoreReader& reader) {
        std::vector<RunRow> going;
        for (const RunRow& row : reader.runs(true)) {
            // A resumed run says nothing until it begins, which may be hours in a queue.
            const bool isElsewhere = row.backend.rfind("ssh:", 0) == 0 || row.backend.rfind("slurm:", 0) == 0;
            if (!isUnderWay(row.state) && row.state != "created" && !isElsewhere) continue;
            bool alive = false;
            try {
                alive = RunDirectory::open(row.directory).isRunning() || goesOnElsewhere(row);
            } catch (const Error&) {  // the directory is gone: nothing runs there
            }
            if (alive) {
                m_writer->follow(row.id);
                going.push_back(row);
                continue;
            }
            if (!isUnderWay(row.state)) continue;  // it waits, here or in another window, or is over
            try {
                m_writer->ingest(row.id).get();
            } catch (const Error&) {
            }
            const auto now = reader.run(row.id);
            if (now && isUnderWay(now->state))
                m_writer
                    ->setState(row.id, "lost",
                               "Its process is gone. Resume continues from the last checkpoint.")
                    .get();
        }
        return going;
    };
    // From here on their end is reported as that of a run started by this window. The local-process backend
    // takes any run that a process of this machine holds; what nobody takes has just ended.
    read(this, look, [this](const std::vector<RunRow>& going) {
        for (const RunRow& row : going) {
            const QString directory = QString::fromStdString(row.directory);
            if (!takeCharge(row.id, directory, QString::fromStdString(row.backend))) onEnded(directory, {});
        }
    });
}

}  // namespace retort
