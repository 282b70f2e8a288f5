#include "training/backends/queue/queue_snapshot.h"

#include <QCoreApplication>

#include "core/util/clock.h"

namespace retort {
namespace {

QString waitingText(const QueueSnapshot& snapshot, const Waiting& waiting) {
    const QString text = QString::fromStdString(waiting.text);
    switch (waiting.what) {
        case WaitsFor::Turn:
            return QCoreApplication::translate("retort::Queue", "for its turn");
        case WaitsFor::Gpu:
            return QCoreApplication::translate("retort::Queue", "for a GPU");
        case WaitsFor::Release:
            return QCoreApplication::translate("retort::Queue", "until it is released");
        case WaitsFor::Predecessor:
            return QCoreApplication::translate("retort::Queue", "until %1 has finished")
                .arg(snapshot.nameOf(waiting.run));
        case WaitsFor::PredecessorStart:
            return QCoreApplication::translate("retort::Queue", "for %1, which nobody has started")
                .arg(snapshot.nameOf(waiting.run));
        case WaitsFor::PredecessorFailed:
            return QCoreApplication::translate("retort::Queue",
                                               "%1 did not finish: retry that, or remove this")
                .arg(snapshot.nameOf(waiting.run));
        case WaitsFor::Place:
            return text;
        case WaitsFor::NoPlace:
            break;
    }
    return QCoreApplication::translate("retort::Queue", "there is no machine for %1 (any more)").arg(text);
}

}  // namespace

QString QueueSnapshot::nameOf(RowId run) const {
    const auto found = runs.find(run);
    return found == runs.end() ? QString::number(run) : QString::fromStdString(found->second.name);
}

QString QueueSnapshot::detailOf(const QueuedRun& run) const {
    if (run.state == QueuedState::Failed) return QString::fromStdString(run.problem);
    if (run.state == QueuedState::Started)
        return run.gpu < 0 ? QString()
                           : QCoreApplication::translate("retort::Queue", "on GPU %1").arg(run.gpu);
    const auto found = waiting.find(run.run);
    if (found == waiting.end()) return {};
    const QString text = waitingText(*this, found->second);
    if (run.problem.empty()) return text;
    return QCoreApplication::translate("retort::Queue", "%1; failed before: %2")
        .arg(text, QString::fromStdString(run.problem));
}

QueueReading readQueue(StoreReader& reader, const std::map<std::string, GpuCount>& known) {
    QueueReading reading;
    QueueSnapshot& snapshot = reading.snapshot;
    snapshot.queue = reader.queuedRuns();
    if (snapshot.queue.empty()) return reading;
    for (const RunPlace& run : reader.runsOfQueue()) snapshot.runs[run.run] = run;
    QueuePlaces places = placesOf(reader, snapshot.queue, known, unixTime());
    QueueInput input{snapshot.queue, goingWithoutQueue(reader), std::move(places.places), {}, sharedPlaces()};
    for (const auto& [id, run] : snapshot.runs) input.states[id] = run.state;
    QueuePlan plan = planQueue(input);
    snapshot.waiting = std::move(plan.waiting);
    reading.starts = std::move(plan.starts);
    reading.toAsk = std::move(places.toAsk);
    return reading;
}

}  // namespace retort
