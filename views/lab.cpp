#include "views/lab.h"

#include <QCoreApplication>
#include <QMetaObject>
#include <algorithm>
#include <exception>
#include <mutex>

#include "core/util/files.h"
#include "training/backends/queue/queue_runner.h"
#include "views/lab_adopted.h"
#include "views/lab_p.h"

namespace retort {

namespace {

/// SQLite connections must stay in their thread: each thread of the pool keeps one per store.
StoreReader& readerOfThisThread(const std::filesystem::path& file) {
    struct Slot {
        std::filesystem::path file;
        std::unique_ptr<StoreReader> reader;
    };
    thread_local Slot slot;
    if (!slot.reader || slot.file != file) {
        slot.reader.reset();
        slot.reader = std::make_unique<StoreReader>(file);
        slot.file = file;
    }
    return *slot.reader;
}

template <class Ids>
void append(std::vector<RowId>& to, const Ids& from) {
    for (const RowId id : from)
        if (std::find(to.begin(), to.end(), id) == to.end()) to.push_back(id);
}

}  // namespace

QString errorText(const Error& error) {
    QString text = QString::fromStdString(error.what_happened());
    if (!error.where().empty()) text = QString::fromStdString(error.where()) + QStringLiteral(": ") + text;
    if (!error.hint().empty()) text += QStringLiteral("\n") + QString::fromStdString(error.hint());
    return text;
}

Lab::Lab(const std::filesystem::path& storeFile, QObject* parent)
    : QObject(parent), m_writer(std::make_unique<StoreWriter>(storeFile)), m_impl(std::make_unique<Impl>()) {
    qRegisterMetaType<retort::RowId>("retort::RowId");
    // Two readers suffice on a small machine: one long query must not hold up the others. Their connections
    // stay.
    m_pool.setMaxThreadCount(std::clamp(QThread::idealThreadCount(), 2, 4));
    m_pool.setExpiryTimeout(-1);
    m_impl->requests.setMaxThreadCount(1);
    m_backends = makeBackends();
    for (const auto& each : m_backends) connect(each.get(), &Backend::ended, this, &Lab::onEnded);
    connectAdopted(*this);
    offerMachines(StoreReader(storeFile).machines());
    m_writer->onChange([this](const StoreChange& change) { onChange(change); });
    followRunning();
    startQueue();
}

Lab::~Lab() {
    m_pool.clear();
    m_pool.waitForDone();
    m_impl->requests.waitForDone();
    m_queue.reset();  // what it was about to start waits for the next window
    m_backends.clear();
    m_impl->replaced.clear();
    m_writer.reset();  // joins its thread: no callback comes after this
}

std::filesystem::path Lab::storeFile() const {
    return m_writer->file();
}

std::filesystem::path Lab::runsFolder() const {
    // Beside the store, so that a store given with --store keeps its runs together with itself.
    return m_writer->file().parent_path() / "runs";
}

Backend* Lab::backend(const QString& id) const {
    for (const auto& each : m_backends)
        if (each->id() == id) return each.get();
    return nullptr;
}

void Lab::readErased(QObject* context, std::function<Deliver(StoreReader&)> job) {
    runErased(context,
              [file = m_writer->file(), job = std::move(job)] { return job(readerOfThisThread(file)); });
}

void Lab::runErased(QObject* context, std::function<Deliver()> job) {
    ++m_pendingReads;
    m_pool.start([this, guard = QPointer<QObject>(context), job = std::move(job)] {
        Deliver deliver;
        QString error;
        try {
            deliver = job();
        } catch (const Error& e) {
            error = errorText(e);
        } catch (const std::exception& e) {
            error = QString::fromUtf8(e.what());
        }
        QMetaObject::invokeMethod(this, [this, guard, deliver = std::move(deliver), error] {
            --m_pendingReads;
            if (!guard) return;
            if (deliver)
                deliver();
            else
                Q_EMIT failed(error);
        });
    });
}

// Commits come up to 50 times a second on the writer's thread; what they touched is gathered and told once
// per turn of the event loop.
void Lab::onChange(const StoreChange& change) {
    const std::lock_guard lock(m_impl->mutex);
    StoreChange& pending = m_impl->pending;
    pending.runsChanged |= change.runsChanged;
    append(pending.runs, change.runs);
    append(pending.seriesRuns, change.seriesRuns);
    append(pending.traceRuns, change.traceRuns);
    append(pending.evaluationRuns, change.evaluationRuns);
    pending.lineageChanged |= change.lineageChanged;
    append(pending.judgedTraces, change.judgedTraces);
    pending.queuesChanged |= change.queuesChanged;
    pending.machinesChanged |= change.machinesChanged;
    pending.runQueueChanged |= change.runQueueChanged;
    if (m_impl->told) return;
    m_impl->told = true;
    QMetaObject::invokeMethod(this, &Lab::deliverChanges, Qt::QueuedConnection);
}

void Lab::deliverChanges() {
    StoreChange change;
    {
        const std::lock_guard lock(m_impl->mutex);
        std::swap(change, m_impl->pending);
        m_impl->told = false;
    }
    if (change.runsChanged) Q_EMIT runsChanged();
    for (const RowId id : change.runs) Q_EMIT runChanged(id);
    for (const RowId id : change.seriesRuns) Q_EMIT seriesChanged(id);
    for (const RowId id : change.traceRuns) Q_EMIT tracesChanged(id);
    for (const RowId id : change.evaluationRuns) Q_EMIT evaluationsChanged(id);
    if (change.lineageChanged) Q_EMIT lineageChanged();
    for (const RowId id : change.judgedTraces) Q_EMIT traceJudged(id);
    if (change.queuesChanged) Q_EMIT queuesChanged();
    if (change.runQueueChanged) Q_EMIT runQueueChanged();
    if (change.machinesChanged)
        read(
            this, [](StoreReader& reader) { return reader.machines(); },
            [this](const std::vector<Machine>& machines) {
                offerMachines(machines);
                Q_EMIT machinesChanged();
            });
}

}  // namespace retort
