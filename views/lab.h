// What the views share: the store (writer, readers on a pool), the backends, the selection, and the runs in
// flight. The only place where the window meets core and backends; every page gets a Lab& and nothing else.
#pragma once

#include <QObject>
#include <QPointer>
#include <QString>
#include <QThreadPool>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/config/study.h"
#include "core/store/store.h"
#include "core/util/error.h"
#include "training/backends/backend.h"
#include "views/selection.h"

namespace retort {

class QueueRunner;
class SlurmBackend;
struct QueueLimits;
struct SlurmRequest;

/// A run to be made and launched.
struct LaunchRequest {
    std::string yaml;
    QString backend;
    /// What relative paths in it start from, as `retort-cli train FILE` does from the file's folder; empty:
    /// the program's working directory.
    std::filesystem::path base = {};
    /// It waits for its turn in the queue, and for the runs that it starts from.
    bool isQueued = false;
    /// That train it together; jobs of Slurm have tasks instead.
    int processes = 1;
};

/// What may be done to a job of Slurm beside stopping it.
enum class JobAction { Requeue, Hold, Release };

/// "what happened", where and what to do, as one text for a message bar.
QString errorText(const Error& error);

class Lab : public QObject {
    Q_OBJECT
  public:
    /// Opens (or makes) the store; throws Error. Picks up runs that are still going.
    explicit Lab(const std::filesystem::path& storeFile, QObject* parent = nullptr);
    ~Lab() override;

    /// Runs `query` on a pool thread with that thread's reader and hands the result to `done` in the GUI
    /// thread, unless `context` is gone by then. An Error goes to failed().
    template <class Query, class Done>
    void read(QObject* context, Query query, Done done) {
        readErased(context, [query = std::move(query), done = std::move(done)](StoreReader& reader) mutable {
            auto result = std::make_shared<decltype(query(reader))>(query(reader));
            return std::function<void()>(
                [result, done = std::move(done)]() mutable { done(std::move(*result)); });
        });
    }
    /// As read(), for work that needs no store (parsing, drawing data, files): also off the GUI thread.
    template <class Work, class Done>
    void compute(QObject* context, Work work, Done done) {
        runErased(context, [work = std::move(work), done = std::move(done)]() mutable {
            auto result = std::make_shared<decltype(work())>(work());
            return std::function<void()>(
                [result, done = std::move(done)]() mutable { done(std::move(*result)); });
        });
    }
    /// Reads on their way; 0 when every view shows what the store holds.
    int pendingReads() const { return m_pendingReads; }

    StoreWriter& writer() { return *m_writer; }
    Selection& selection() { return m_selection; }
    std::filesystem::path storeFile() const;
    std::filesystem::path runsFolder() const;

    const std::vector<std::unique_ptr<Backend>>& backends() const { return m_backends; }
    Backend* backend(const QString& id) const;
    /// Whether new runs may be started on it: a machine that was removed still follows those that it has.
    bool isOffered(const Backend& backend) const;

    /// Makes the run directory and registers the run off the GUI thread, then launches it on the backend and
    /// calls `done` with its id. What fails goes to `failed` (where the configuration is wrong: one problem a
    /// line). What `model.from` and `data.files` refer to is found as core/config/launch.h says.
    void launch(const LaunchRequest& request, QObject* context, std::function<void(RowId)> done,
                std::function<void(const Error&)> failed);

    /// The same for a machine with Slurm, `backend` of the first: several runs go as one job array. `script`:
    /// as a person has changed it; empty: made from what is asked.
    void submit(const std::vector<LaunchRequest>& requests, const SlurmRequest& asked,
                const std::string& script, QObject* context, std::function<void(std::vector<RowId>)> done,
                std::function<void(const Error&)> failed);
    /// The backend as one of Slurm; null where it is none.
    SlurmBackend* slurm(const QString& backendId) const;
    /// What fails goes to failed().
    void steerJob(const RunRow& run, JobAction action);

    /// Puts the stages of a study into the queue, where each waits for those that it starts from.
    void startStudy(const Study& study, const QString& backendId);

    /// The queue of this store's runs; what is done to it goes through writer(), and look() makes it notice
    /// at once.
    QueueRunner& queue() const;
    /// How many runs of the queue go at once on this computer.
    QueueLimits queueLimits() const;
    void setQueueLimits(const QueueLimits& limits);

    /// Requests to a run; what fails goes to failed(). Resuming a run that waits starts it now; stopping it
    /// takes it out of the queue.
    void resume(const RunRow& run, const QString& backendId);
    void requestStop(const RunRow& run);
    void requestPause(const RunRow& run, bool paused);
    void requestCheckpoint(const RunRow& run);
    /// The nice value of its processes, now and in later attempts; of a job that waits Slurm's, too. What is
    /// refused goes to failed() a little later.
    void requestPriority(const RunRow& run, int nice);
    void kill(const RunRow& run);

    /// Shows an error in the window's message bar.
    void report(const Error& error) { Q_EMIT failed(errorText(error)); }

  Q_SIGNALS:
    void runsChanged();  ///< rows were added, removed or archived
    void runChanged(retort::RowId run);
    void seriesChanged(retort::RowId run);
    void tracesChanged(retort::RowId run);
    void evaluationsChanged(retort::RowId run);
    void lineageChanged();                  ///< checkpoints, or where they come from
    void traceJudged(retort::RowId trace);  ///< annotated, or got a lane
    void queuesChanged();
    void runQueueChanged();
    void queueLimitsChanged();
    void machinesChanged();  ///< machines or the runs on them
    void backendsChanged();  ///< a machine came, went or changed
    /// Something that the user should read; shown in place by the window.
    void failed(const QString& message);

    /// A stage of a study was launched as this run.
    void stageStarted(retort::RowId run);

  private:
    struct Started {
        RowId run = 0;
        std::filesystem::path directory;
    };
    using Deliver = std::function<void()>;
    void readErased(QObject* context, std::function<Deliver(StoreReader&)> job);
    void runErased(QObject* context, std::function<Deliver()> job);
    void start(const LaunchRequest& request, QObject* context, std::function<void(const Started&)> done,
               std::function<void(const Error&)> failed);
    void launchDirectory(RowId run, const std::filesystem::path& directory, const QString& backendId,
                         bool resume);
    void startQueue();
    bool takeCharge(RowId run, const QString& directory, const QString& backendId);
    void enqueue(const LaunchRequest& request, QObject* context, std::function<void(const Started&)> done,
                 std::function<void(const Error&)> failed);
    void stopGoing(const RunRow& run);
    void followRunning();
    void settle(RowId known, const QString& runDirectory, const QString& error);
    void onChange(const StoreChange& change);
    void offerMachines(const std::vector<Machine>& machines);
    void connectMachine(Backend& backend);
    void noteJob(const QString& runDirectory);
    void deliverChanges();
    void onEnded(const QString& runDirectory, const QString& error);
    void control(const RunRow& run, std::function<void(const std::filesystem::path&)> act,
                 std::function<void()> then = {});

    Selection m_selection;
    std::unique_ptr<StoreWriter> m_writer;
    std::vector<std::unique_ptr<Backend>> m_backends;
    std::unique_ptr<QueueRunner> m_queue;
    int m_pendingReads = 0;
    struct Impl;
    std::unique_ptr<Impl> m_impl;
    QThreadPool m_pool;  // last: its threads are joined before what they use is gone
};

}  // namespace retort
