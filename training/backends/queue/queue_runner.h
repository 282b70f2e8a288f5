// Works off the queue of a store: starts what may start, notices what ends, tries again what failed. Every
// program that has the store open may have one of these; only the one that holds the lock (queue_lock.h)
// starts runs, and when it goes or dies another takes over, with the runs that are going.
#pragma once

#include <QObject>
#include <QString>
#include <QThreadPool>
#include <QTimer>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <vector>

#include "core/queue/queue_plan.h"
#include "core/store/store.h"
#include "training/backends/queue/queue_lock.h"
#include "training/backends/queue/queue_machines.h"
#include "training/backends/queue/queue_snapshot.h"

namespace retort {

/// Who has the backends.
struct QueueHost {
    /// Starts the run's trainer; its end is told by QueueRunner::runEnded(). Throws Error.
    std::function<void(RowId run, const QString& directory, const QString& backend, bool resume)> launch;
    /// Takes charge of a run that another program started, as above; false: nothing trains it.
    std::function<bool(RowId run, const QString& directory, const QString& backend)> adopt;
};

class QueueRunner : public QObject {
    Q_OBJECT
  public:
    QueueRunner(StoreWriter& store, QueueHost host, QObject* parent = nullptr);
    /// What it was about to start waits again, unless it was asked to stop.
    ~QueueRunner() override;

    /// Looks at the queue soon; it does so once a second anyway.
    void look();
    /// A run that the host launched or adopted is over, and the store knows how (settleRun()).
    void runEnded(RowId run);
    const QueueSnapshot& snapshot() const { return m_snapshot; }
    /// Whether nothing in the queue is going or could ever go on by itself: what is left failed, is held, or
    /// waits for such a one.
    bool isIdle() const;

  Q_SIGNALS:
    void changed();
    /// It is going now; also when another program started it.
    void started(retort::RowId run);
    void problem(const QString& text);

  private:
    struct Begun {
        QueuedRun entry;
        RunPlace run;
    };
    struct Found {
        QueueSnapshot snapshot;
        std::vector<Begun> begun;
        std::vector<Begun> going;  ///< that the store says were started, by whomever
        std::map<std::string, Machine> toAsk;
        QString error;
    };
    Found find(const std::map<std::string, GpuCount>& known);
    void begin(const QueueStart& start, Found& found);
    void use(Found found);
    void ask(const std::string& backend, const Machine& machine);
    void start(const Begun& begun);
    void launch(const Begun& begun, bool resume);
    void takeOver(const Begun& going);
    void conclude(RowId run, int attempt, std::function<QueuedEnd(StoreReader&)> before = {});
    void fail(RowId run, int attempt, const std::string& problem);
    void giveBack(const Begun& begun);
    template <class Job, class Done>
    void inPool(QThreadPool& pool, Job job, Done done);

    StoreWriter& m_store;
    QueueHost m_host;
    QueueLock m_lock;  ///< of the one thread in m_looks
    QueueSnapshot m_snapshot;
    std::map<std::string, GpuCount> m_known;
    std::map<RowId, int> m_mine;   ///< attempts that this program answers for
    std::set<RowId> m_concluding;  ///< their end is being written down
    bool m_isLooking = false, m_lookAgain = false, m_hasLooked = false;
    QString m_lastProblem;
    std::mutex m_mutex;
    std::map<RowId, Begun> m_unlaunched;  ///< begun in the store, and not launched yet
    std::shared_ptr<std::atomic<bool>> m_isOver = std::make_shared<std::atomic<bool>>(false);
    QTimer m_timer;
    QThreadPool m_jobs;  // last: joined before anything above is gone
    QThreadPool m_looks;
};

}  // namespace retort
