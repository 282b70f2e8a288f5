#include "training/backends/queue/queue_runner.h"

#include <QMetaObject>
#include <algorithm>

#include "core/runlog/control.h"
#include "core/util/error.h"
#include "training/backends/queue/queue_start.h"
#include "training/backends/run_settling.h"

namespace retort {
namespace {

constexpr int lookIntervalMs = 1000;
constexpr int startsAtOnce = 4;  // that make their directories ready, which may fetch checkpoints

/// Of an attempt whose trainer was never started.
QueuedEnd endOfUnbegun(StoreWriter& store, RowId run, const std::string& directory) {
    if (!isStopAsked(directory)) return QueuedEnd::NeverBegan;
    store.setState(run, "stopped", {}).get();
    return QueuedEnd::Done;
}

/// Takes away what was asked of an attempt that is over; whether it was to stop.
bool takeRequests(const std::string& directory) try {
    return withdrawLeftOver(directory);
} catch (const Error&) {  // nothing can be written there: its state says what is wrong
    return false;
}

}  // namespace

QueueRunner::QueueRunner(StoreWriter& store, QueueHost host, QObject* parent)
    : QObject(parent), m_store(store), m_host(std::move(host)), m_lock(store.file()) {
    m_looks.setMaxThreadCount(1);
    m_jobs.setMaxThreadCount(startsAtOnce);
    connect(&m_timer, &QTimer::timeout, this, &QueueRunner::look);
    m_timer.start(lookIntervalMs);
    look();
}

QueueRunner::~QueueRunner() {
    *m_isOver = true;
    m_timer.stop();
    m_jobs.waitForDone();
    m_looks.waitForDone();
    for (const auto& [run, begun] : m_unlaunched) {
        try {
            m_store.endQueuedRun(run, begun.entry.attempts, endOfUnbegun(m_store, run, begun.run.directory))
                .get();
        } catch (const std::exception&) {
            // A full disk: whoever takes over finds out that it never began.
        }
    }
}

/// `done` is called in this thread with what `job` gave, unless this is gone by then.
template <class Job, class Done>
void QueueRunner::inPool(QThreadPool& pool, Job job, Done done) {
    pool.start([this, job = std::move(job), done = std::move(done)]() mutable {
        auto result = std::make_shared<decltype(job())>(job());
        QMetaObject::invokeMethod(
            this, [result, done = std::move(done)]() mutable { done(std::move(*result)); },
            Qt::QueuedConnection);
    });
}

bool QueueRunner::isIdle() const {
    if (!m_hasLooked || m_isLooking || !m_mine.empty() || !m_concluding.empty()) return false;
    const auto goesOn = [this](const QueuedRun& each) {
        if (each.state != QueuedState::Waiting) return each.state == QueuedState::Started;
        const auto waiting = m_snapshot.waiting.find(each.run);
        if (waiting == m_snapshot.waiting.end()) return true;
        const WaitsFor what = waiting->second.what;
        if (what != WaitsFor::Predecessor)
            return what == WaitsFor::Turn || what == WaitsFor::Gpu || what == WaitsFor::Place ||
                   what == WaitsFor::Retry;
        // One in the queue answers for itself; another goes on elsewhere.
        return std::none_of(m_snapshot.queue.begin(), m_snapshot.queue.end(),
                            [&](const QueuedRun& other) { return other.run == waiting->second.run; });
    };
    return std::none_of(m_snapshot.queue.begin(), m_snapshot.queue.end(), goesOn);
}

void QueueRunner::look() {
    if (m_isLooking) {
        m_lookAgain = true;
        return;
    }
    m_isLooking = true;
    m_lookAgain = false;
    inPool(
        m_looks, [this, known = m_known] { return find(known); },
        [this](Found found) {
            m_isLooking = false;
            use(std::move(found));
            if (m_lookAgain) look();
        });
}

/// In the looks' thread.
QueueRunner::Found QueueRunner::find(const std::map<std::string, GpuCount>& known) {
    Found found;
    try {
        StoreReader reader(m_store.file());
        QueueReading reading = readQueue(reader, known);
        found.snapshot = std::move(reading.snapshot);
        found.toAsk = std::move(reading.toAsk);
        QueueSnapshot& snapshot = found.snapshot;
        if (snapshot.queue.empty()) {
            m_lock.release();
            return found;
        }
        snapshot.isOwner = m_lock.take();
        if (!snapshot.isOwner) snapshot.owner = m_lock.holder();
        for (const QueuedRun& each : snapshot.queue)
            if (each.state == QueuedState::Started) found.going.push_back({each, snapshot.runs[each.run]});
        for (const QueueStart& start : reading.starts) {
            if (snapshot.isOwner && !*m_isOver)
                begin(start, found);
            else
                snapshot.waiting[start.run] = {};
        }
    } catch (const std::exception& error) {
        found.error = QString::fromUtf8(error.what());
    }
    return found;
}

void QueueRunner::begin(const QueueStart& start, Found& found) {
    const auto attempt = m_store.beginQueuedRun(start.run, start.gpus).get();
    if (!attempt) return;  // taken out or held meanwhile
    for (QueuedRun& each : found.snapshot.queue)
        if (each.run == start.run) {
            each.state = QueuedState::Started;
            each.attempts = *attempt;
            each.onGpus = start.gpus;
            found.begun.push_back({each, found.snapshot.runs[each.run]});
            const std::lock_guard lock(m_mutex);
            m_unlaunched[each.run] = found.begun.back();
        }
}

void QueueRunner::use(Found found) {
    if (!found.error.isEmpty() && found.error != m_lastProblem) Q_EMIT problem(found.error);
    m_lastProblem = found.error;
    for (const Begun& each : found.begun) {
        m_mine[each.entry.run] = each.entry.attempts;
        start(each);
    }
    if (!found.error.isEmpty()) return;
    m_hasLooked = true;
    for (const auto& [backend, machine] : found.toAsk) ask(backend, machine);
    if (found.snapshot.isOwner)
        for (const Begun& each : found.going)
            if (!m_mine.contains(each.entry.run) && !m_concluding.contains(each.entry.run)) takeOver(each);

    std::set<RowId> wentBefore;
    for (const QueuedRun& each : m_snapshot.queue)
        if (each.state == QueuedState::Started) wentBefore.insert(each.run);
    const bool isNews =
        m_snapshot.queue != found.snapshot.queue || m_snapshot.waiting != found.snapshot.waiting ||
        m_snapshot.requests != found.snapshot.requests || m_snapshot.progress != found.snapshot.progress ||
        m_snapshot.isOwner != found.snapshot.isOwner || m_snapshot.owner != found.snapshot.owner;
    m_snapshot = std::move(found.snapshot);
    if (isNews) Q_EMIT changed();
    std::vector<RowId> goesNow;
    for (const QueuedRun& each : m_snapshot.queue)
        if (each.state == QueuedState::Started && !wentBefore.contains(each.run)) goesNow.push_back(each.run);
    for (const RowId run : goesNow) Q_EMIT started(run);
}

void QueueRunner::ask(const std::string& backend, const Machine& machine) {
    GpuCount& known = m_known[backend];
    if (known.machine != machine) known = GpuCount{};
    known.machine = machine;
    known.isBeingAsked = true;
    inPool(
        m_jobs,
        [machine, isOver = m_isOver] { return askMachine(machine, [isOver] { return isOver->load(); }); },
        [this, backend](GpuCount answer) {
            m_known[backend] = std::move(answer);
            look();
        });
}

void QueueRunner::start(const Begun& begun) {
    struct Ready {
        Readiness readiness = Readiness::Begin;
        std::string problem;
    };
    inPool(
        m_jobs,
        [this, entry = begun.entry, isOver = m_isOver] {
            Ready ready;
            try {
                StoreReader reader(m_store.file());
                ready.readiness = prepareStart(m_store, reader, entry.run, entry.attempts, entry.onGpus,
                                               [isOver] { return isOver->load(); });
            } catch (const std::exception& error) {
                ready.problem = error.what();
            }
            return ready;
        },
        [this, begun](const Ready& ready) {
            if (!ready.problem.empty())
                fail(begun.entry.run, begun.entry.attempts, ready.problem);
            else if (ready.readiness == Readiness::Stop)
                giveBack(begun);
            else
                launch(begun, ready.readiness == Readiness::Resume);
        });
}

void QueueRunner::launch(const Begun& begun, bool resume) {
    const RowId run = begun.entry.run;
    const QString directory = QString::fromStdString(begun.run.directory);
    const QString backend = QString::fromStdString(begun.entry.backend);
    {
        const std::lock_guard lock(m_mutex);
        m_unlaunched.erase(run);
    }
    try {
        m_host.launch(run, directory, backend, resume);
    } catch (const std::exception& error) {
        // Somebody may have started it by hand: then it is going, and no failure.
        if (!m_host.adopt(run, directory, backend)) fail(run, begun.entry.attempts, error.what());
    }
}

/// Whoever started it is gone.
void QueueRunner::takeOver(const Begun& going) {
    const QueuedRun& entry = going.entry;
    const QString directory = QString::fromStdString(going.run.directory);
    m_mine[entry.run] = entry.attempts;
    if (m_host.adopt(entry.run, directory, QString::fromStdString(entry.backend))) return;
    m_mine.erase(entry.run);
    conclude(entry.run, entry.attempts, [this, entry, directory = going.run.directory](StoreReader& reader) {
        if (neverBegan(directory, entry.attempts)) return endOfUnbegun(m_store, entry.run, directory);
        settleRun(m_store, reader, entry.run, {});
        return QueuedEnd::Done;
    });
}

void QueueRunner::runEnded(RowId run) {
    const auto found = m_mine.find(run);
    if (found == m_mine.end()) return;
    const int attempt = found->second;
    m_mine.erase(found);
    conclude(run, attempt);
}

/// It was asked to stop before it was launched.
void QueueRunner::giveBack(const Begun& begun) {
    const RowId run = begun.entry.run;
    {
        const std::lock_guard lock(m_mutex);
        m_unlaunched.erase(run);
    }
    m_mine.erase(run);
    conclude(run, begun.entry.attempts, [this, begun](StoreReader&) {
        return endOfUnbegun(m_store, begun.entry.run, begun.run.directory);
    });
}

void QueueRunner::fail(RowId run, int attempt, const std::string& problem) {
    {
        const std::lock_guard lock(m_mutex);
        m_unlaunched.erase(run);
    }
    m_mine.erase(run);
    conclude(run, attempt, [this, run, problem](StoreReader&) {
        m_store.setState(run, "failed", problem).get();
        return QueuedEnd::Done;
    });
    Q_EMIT this->problem(m_snapshot.nameOf(run) + QStringLiteral(": ") + QString::fromStdString(problem));
}

/// One job, so that no look comes between what it finds and what it writes. `before` brings the run's row to
/// its end, unless the run never began.
void QueueRunner::conclude(RowId run, int attempt, std::function<QueuedEnd(StoreReader&)> before) {
    m_concluding.insert(run);
    const auto write = [this, run, attempt, before = std::move(before)] {
        QString problem;
        QueueOutcome outcome;
        try {
            StoreReader reader(m_store.file());
            try {
                if (before) outcome.end = before(reader);
            } catch (const std::exception& error) {  // its directory is gone: that shows in its state
                problem = QString::fromUtf8(error.what());
            }
            const auto row = reader.run(run);
            // What was asked of this attempt holds for no other.
            if (outcome.end != QueuedEnd::NeverBegan && row)
                outcome = outcomeOf(*row, takeRequests(row->directory));
            m_store.endQueuedRun(run, attempt, outcome.end, outcome.problem).get();
        } catch (const std::exception& error) {
            problem = QString::fromUtf8(error.what());
        }
        return problem;
    };
    inPool(m_looks, write, [this, run](const QString& error) {
        m_concluding.erase(run);
        if (!error.isEmpty()) Q_EMIT problem(error);
        look();
    });
}

}  // namespace retort
