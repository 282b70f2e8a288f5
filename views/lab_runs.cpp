// Lab's part that starts, steers and ends runs.
#include <algorithm>
#include <optional>

#include "core/config/launch.h"
#include "core/machines/remote_run.h"
#include "core/runlog/control.h"
#include "core/runlog/run_directory.h"
#include "training/backends/run_outcome.h"
#include "training/backends/slurm/slurm_backend.h"
#include "training/backends/study_runner.h"
#include "views/lab_adopted.h"
#include "views/lab_p.h"

namespace retort {

namespace {

constexpr char queueSetting[] = "launch.queue";

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

/// Makes the directory of a run as it was designed; what its configuration refers to is found in the store.
RunDirectory makeDirectory(const LaunchRequest& request, const std::filesystem::path& root,
                           StoreReader& reader) {
    const FindRun find = [&reader](const std::string& name) -> std::optional<std::filesystem::path> {
        const auto run = reader.findRun(name);
        return run ? std::optional<std::filesystem::path>(run->directory) : std::nullopt;
    };
    const auto base = request.base.empty() ? std::filesystem::current_path() : request.base;
    return createRun(prepareRun(parseConfig(request.yaml, "config.yaml"), base, find), root,
                     "retort " RETORT_VERSION);
}

}  // namespace

void Lab::launch(const LaunchRequest& request, QObject* context, std::function<void(RowId)> done,
                 std::function<void(const Error&)> failed) {
    const auto told = [done = std::move(done)](const Started& started) { done(started.run); };
    start(request, context, told, std::move(failed));
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
                 if (request.atOnce > 0) {
                     m_impl->queue.add(
                         {made.started.run, made.started.directory, request.backend, request.atOnce});
                     startWaiting();
                 } else {
                     launchDirectory(made.started.run, made.started.directory, request.backend, false);
                 }
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

/// As many of the waiting runs as there is room for.
void Lab::startWaiting() {
    if (m_impl->queue.isEmpty()) return;  // what another window waits with is not to be overwritten
    while (const auto next = m_impl->queue.take(static_cast<int>(m_impl->launched.size()))) {
        try {
            launchDirectory(next->run, next->directory, next->backend, false);
        } catch (const Error& error) {
            m_writer->setState(next->run, "failed", error.what());
            report(error);
        }
    }
    rememberQueue();
}

void Lab::rememberQueue() {
    m_writer->setSetting(queueSetting, m_impl->queue.toJson());
}

/// What an earlier window left waiting goes on waiting here.
void Lab::continueQueue() {
    const auto look = [](StoreReader& reader) {
        std::deque<LaunchQueue::Waiting> left;
        if (const auto saved = reader.setting(queueSetting)) left = LaunchQueue::leftBehind(*saved);
        const std::vector<RunRow> rows = left.empty() ? std::vector<RunRow>() : reader.runs(true);
        for (LaunchQueue::Waiting& each : left)
            for (const RunRow& row : rows)
                if (row.directory == each.directory && row.state == "created") each.run = row.id;
        std::erase_if(left, [](const LaunchQueue::Waiting& each) { return each.run == 0; });
        return left;
    };
    read(this, look, [this](std::deque<LaunchQueue::Waiting> left) {
        if (left.empty()) return;
        for (LaunchQueue::Waiting& each : left) m_impl->queue.add(std::move(each));
        startWaiting();
    });
}

void Lab::resume(const RunRow& run, const QString& backendId) {
    if (isAdopted(run)) return followAdopted(*this, run);
    const QString chosen = backendId.isEmpty() ? QString::fromStdString(run.backend) : backendId;
    const std::filesystem::path directory = run.directory;
    if (m_impl->queue.remove(run.id)) rememberQueue();
    // A request left over from before would stop it again at once.
    const auto clear = [directory] {
        withdraw(directory, Request::Stop);
        withdraw(directory, Request::Pause);
        return true;
    };
    compute(this, clear, [this, id = run.id, directory, chosen, begun = run.state != "created"](bool) {
        try {
            launchDirectory(id, directory, chosen, begun);
        } catch (const Error& error) {
            report(error);
        }
    });
}

void Lab::requestStop(const RunRow& run) {
    if (isAdopted(run)) return report(notOurs(run));
    const bool waits = m_impl->queue.remove(run.id);
    if (waits) rememberQueue();
    if (waits ||
        (run.state == "created" && !m_impl->launched.contains(QString::fromStdString(run.directory)))) {
        m_writer->setState(run.id, "stopped", {});
        return;
    }
    // In a scheduler's queue nobody looks for a request.
    if (run.state == "created")
        if (auto* slurm = qobject_cast<SlurmBackend*>(backend(QString::fromStdString(run.backend))))
            return slurm->kill(QString::fromStdString(run.directory));
    control(run, [](const std::filesystem::path& directory) {
        withdraw(directory, Request::Pause);  // a paused run would not look
        ask(directory, Request::Stop);
    });
}

void Lab::requestPause(const RunRow& run, bool paused) {
    if (isAdopted(run)) return report(notOurs(run));
    control(run, [paused](const std::filesystem::path& directory) {
        (paused ? ask : withdraw)(directory, Request::Pause);
    });
}

void Lab::requestCheckpoint(const RunRow& run) {
    if (isAdopted(run)) return report(notOurs(run));
    control(run, [](const std::filesystem::path& directory) { ask(directory, Request::Checkpoint); });
}

void Lab::kill(const RunRow& run) {
    if (isAdopted(run)) return leaveAdopted(*this, run);
    try {
        if (Backend* holder = backend(QString::fromStdString(run.backend)))
            holder->kill(QString::fromStdString(run.directory));
    } catch (const Error& error) {
        report(error);
    }
}

/// Control requests are files; they are touched off the GUI thread as every file is.
void Lab::control(const RunRow& run, std::function<void(const std::filesystem::path&)> act) {
    compute(
        this,
        [directory = std::filesystem::path(run.directory), act = std::move(act)] {
            act(directory);
            return true;
        },
        [](bool) {});
}

void Lab::onEnded(const QString& runDirectory, const QString& error) {
    const RowId known = m_impl->launched.take(runDirectory);
    settle(known, runDirectory, error);
    startWaiting();
    if (!m_study) return;
    const auto look = [runDirectory] {
        try {
            const auto end = endOfLastAttempt(RunDirectory::open(runDirectory.toStdString()));
            return end && end->outcome == "finished";
        } catch (const Error&) {  // the directory is gone
            return false;
        }
    };
    compute(this, look, [this, runDirectory, error](bool finished) {
        if (m_study) m_study->onRunEnded(runDirectory, error, finished);
    });
}

/// Brings the store to the log's end, and says how the run ended where the log does not.
void Lab::settle(RowId known, const QString& runDirectory, const QString& error) {
    const auto look = [this, known, runDirectory, error](StoreReader& reader) {
        RowId id = known;
        if (id == 0)  // started by an earlier window
            for (const RunRow& row : reader.runs(true))
                if (row.directory == runDirectory.toStdString()) id = row.id;
        if (id == 0) return false;
        m_writer->ingest(id).get();
        const auto run = reader.run(id);
        if (!run || !(isUnderWay(run->state) || run->state == "created")) return false;
        // The trainer went without an end event: say so, or the run would look alive for ever.
        if (error.isEmpty())
            m_writer->setState(id, "lost", "The trainer ended without saying how.").get();
        else
            m_writer->setState(id, "failed", error.toStdString()).get();
        return true;
    };
    read(this, look, [](bool) {});
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
            // The one that it was started on first: a lock may be seen by others, too.
            Backend* own = backend(QString::fromStdString(row.backend));
            bool isTaken = own && own->adopt(directory);
            for (const auto& each : m_backends) isTaken = isTaken || each->adopt(directory);
            if (!isTaken)
                onEnded(directory, {});
            else if (!own || own->launches())  // what others train takes nobody's place in the queue
                m_impl->launched.insert(directory, row.id);
        }
        continueQueue();
    });
}

}  // namespace retort
