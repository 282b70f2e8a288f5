// retort-cli queue run.
#include <QTimer>
#include <algorithm>

#include "app/cli/context.h"
#include "app/cli/interrupt.h"
#include "app/cli/remote/event_loop.h"
#include "app/cli/remote/queue_functions.h"
#include "core/machines/remote_run.h"
#include "core/util/error.h"
#include "training/backends/backend.h"
#include "training/backends/machine_settings.h"
#include "training/backends/queue/queue_runner.h"
#include "training/backends/run_settling.h"
#include "training/backends/slurm/slurm_backend.h"

namespace retort::cli {
namespace {

constexpr int lookIntervalMs = 100;

/// The backends on which the queue runs.
class Worker : public QObject {
  public:
    Worker(const Context& context, StoreWriter& store)
        : m_context(context), m_store(store), m_reader(store.file()), m_backends(makeBackends()) {
        for (const auto& each : m_backends) listenTo(*each);
        m_queue = std::make_unique<QueueRunner>(
            store, QueueHost{[this](RowId run, const QString& directory, const QString& backend,
                                    bool resume) { launch(run, directory, backend, resume); },
                             [this](RowId run, const QString& directory, const QString& backend) {
                                 return adopt(run, directory, backend);
                             }});
        connect(m_queue.get(), &QueueRunner::problem, this,
                [this](const QString& text) { m_context.note(text.toStdString()); });
    }

    QueueRunner& queue() { return *m_queue; }

  private:
    void listenTo(Backend& backend) {
        useStore(backend, m_store.file());
        connect(&backend, &Backend::ended, this, &Worker::onEnded);
        if (auto* slurm = qobject_cast<SlurmBackend*>(&backend))
            connect(slurm, &SlurmBackend::jobChanged, this, &Worker::noteJob);
    }

    /// Machines may have been added since.
    Backend& backendOf(const QString& id) {
        for (int round = 0; round < 2; ++round) {
            for (const auto& each : m_backends)
                if (each->id() == id) return *each;
            for (const Machine& machine : m_reader.machines()) {
                auto made = makeBackend(machine);
                if (made->id() != id) continue;
                listenTo(*made);
                m_backends.push_back(std::move(made));
            }
        }
        throw Error("there is no machine for this run any more", id.toStdString());
    }

    void launch(RowId run, const QString& directory, const QString& backend, bool resume) {
        Backend& chosen = backendOf(backend);
        m_runs[directory] = {run, backend};
        m_store.follow(run);
        try {
            chosen.launch(directory, resume);
        } catch (...) {
            m_runs.erase(directory);
            throw;
        }
        say(run, resume ? "goes on" : "starts", backend);
    }

    bool adopt(RowId run, const QString& directory, const QString& backend) {
        try {
            if (!backendOf(backend).adopt(directory)) return false;
        } catch (const Error&) {  // the machine is gone: nobody can follow it
            return false;
        }
        m_runs[directory] = {run, backend};
        m_store.follow(run);
        say(run, "is going", backend);
        return true;
    }

    void onEnded(const QString& directory, const QString& error) {
        const auto found = m_runs.find(directory);
        if (found == m_runs.end()) return;
        const auto [run, backend] = found->second;
        noteJob(directory);
        m_runs.erase(found);
        try {
            settleRun(m_store, m_reader, run, error.toStdString());
            const auto row = m_reader.run(run);
            const std::string why = error.section(QLatin1Char('\n'), 0, 0).toStdString();
            say(run, (row ? row->state : "is gone") + (why.empty() ? "" : ": " + why), backend);
        } catch (const Error& problem) {
            m_context.note(problem.what());
        }
        m_queue->runEnded(run);
    }

    /// What lists of jobs read.
    void noteJob(const QString& directory) try {
        const auto found = m_runs.find(directory);
        if (found == m_runs.end()) return;
        const auto [run, id] = found->second;
        Backend& backend = backendOf(id);
        JobRow job;
        job.run = run;
        const auto remote = readRemoteRun(directory.toStdString());
        job.directory = remote ? remote->directory : directory.toStdString();
        if (auto* slurm = qobject_cast<SlurmBackend*>(&backend)) {
            job.machine = slurm->machine().name;
            job.scheduler = "slurm";
            if (const auto said = slurm->job(directory)) {
                m_store.follow(run);  // of a requeued run the log goes on behind an end
                job.jobId = said->id;
                job.jobState = said->state;
                job.reason = said->reason;
            }
        } else if (remote) {
            job.machine = remote->machine;
        } else {
            return;
        }
        m_store.saveJob(job).get();
    } catch (const Error& error) {
        m_context.note(error.what());
    }

    void say(RowId run, const std::string& what, const QString& backend) {
        const auto row = m_reader.run(run);
        m_context.note((row ? row->name + " " + row->uuid.substr(0, 8) : std::to_string(run)) + ": " + what +
                       " (" + backend.toStdString() + ")");
    }

    struct Going {
        RowId run = 0;
        QString backend;
    };
    const Context& m_context;
    StoreWriter& m_store;
    StoreReader m_reader;
    std::vector<std::unique_ptr<Backend>> m_backends;
    std::map<QString, Going> m_runs;       ///< by directory
    std::unique_ptr<QueueRunner> m_queue;  // last: it uses all of the above
};

}  // namespace

int runQueueRun(Context& context) {
    const EventLoop loop;
    if (!std::filesystem::exists(context.storeFile())) context.reader();  // says how to make one
    StoreWriter store(context.storeFile());
    Worker worker(context, store);
    const InterruptGuard guard;
    QEventLoop events;
    QTimer timer;
    bool isTold = false;
    QObject::connect(&timer, &QTimer::timeout, &events, [&] {
        const QueueSnapshot& now = worker.queue().snapshot();
        if (!std::exchange(isTold, isTold || now.owner != 0) && now.owner != 0)
            context.note("process " + std::to_string(now.owner) +
                         " works the queue off; this one takes over when that ends");
        if (worker.queue().isIdle() || InterruptGuard::isAsked()) events.quit();
    });
    timer.start(lookIntervalMs);
    events.exec();
    if (!worker.queue().isIdle()) {
        context.note("what runs goes on; retort-cli queue run works off the rest");
        return exitInterrupted;
    }
    std::string left;
    for (const QueuedRun& each : worker.queue().snapshot().queue)
        left += (left.empty() ? "" : ", ") + worker.queue().snapshot().nameOf(each.run).toStdString();
    if (left.empty()) return exitOk;
    throw Error("these cannot go on: " + left, context.storeFile().string(),
                "retort-cli queue list says why");
}

}  // namespace retort::cli
