#include "training/backends/queue/queue_snapshot.h"

#include <QCoreApplication>
#include <QDateTime>
#include <algorithm>
#include <cmath>
#include <optional>

#include "core/queue/queue_limits.h"
#include "core/util/clock.h"
#include "core/util/error.h"
#include "training/backends/slurm/remembered_request.h"
#include "training/backends/slurm/slurm_backend.h"

namespace retort {
namespace {

QString waitingText(const QueueSnapshot& snapshot, const QueuedRun& run, const Waiting& waiting) {
    const QString text = QString::fromStdString(waiting.text);
    switch (waiting.what) {
        case WaitsFor::Turn:
            return text.isEmpty()
                       ? QCoreApplication::translate("retort::Queue", "for its turn")
                       : QCoreApplication::translate(
                             "retort::Queue", "for its turn: %1, which the queue did not start, is running")
                             .arg(text);
        case WaitsFor::Gpu:
            return run.gpus == 1 ? QCoreApplication::translate("retort::Queue", "for a GPU")
                                 : QCoreApplication::translate("retort::Queue", "for %1 GPUs").arg(run.gpus);
        case WaitsFor::Release:
            return QCoreApplication::translate("retort::Queue", "until it is released");
        case WaitsFor::Retry:
            return QCoreApplication::translate("retort::Queue", "tries again at %1")
                .arg(QDateTime::fromSecsSinceEpoch(qint64(std::ceil(waiting.until)))
                         .toString(QStringLiteral("HH:mm:ss")));
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

QString goingText(const QueueSnapshot& snapshot, const QueuedRun& run) {
    QStringList parts;
    if (const auto found = snapshot.progress.find(run.run); found != snapshot.progress.end()) {
        const auto [step, total] = found->second;
        if (total > 0)
            parts << QCoreApplication::translate("retort::Queue", "step %1 of %2").arg(step).arg(total);
        else if (step > 0)
            parts << QCoreApplication::translate("retort::Queue", "step %1").arg(step);
    }
    QStringList gpus;
    for (const int gpu : run.onGpus) gpus << QString::number(gpu);
    if (!gpus.isEmpty())
        parts
            << QCoreApplication::translate("retort::Queue", "on GPU %1").arg(gpus.join(QStringLiteral(", ")));
    return parts.join(QStringLiteral(", "));
}

QString placeText(const QueueSnapshot& snapshot, const QueuedRun& run) {
    if (run.state == QueuedState::Failed) return QString::fromStdString(run.problem);
    if (run.state == QueuedState::Started) return goingText(snapshot, run);
    const auto found = snapshot.waiting.find(run.run);
    if (found == snapshot.waiting.end()) return {};
    const QString text = waitingText(snapshot, run, found->second);
    if (run.problem.empty()) return text;
    return QCoreApplication::translate("retort::Queue", "%1; failed before: %2")
        .arg(text, QString::fromStdString(run.problem));
}

std::map<RowId, double> retryTimes(StoreReader& reader, const std::vector<QueuedRun>& queue) {
    std::map<RowId, double> times;
    std::optional<QueueLimits> limits;
    for (const QueuedRun& each : queue) {
        if (each.state != QueuedState::Waiting || each.failedAt <= 0) continue;
        if (!limits) limits = queueLimitsFrom(reader.setting(queueLimitsSetting).value_or(Json()));
        times[each.run] = each.failedAt + retryPauseSeconds(*limits, each.attempts);
    }
    return times;
}

void readRequests(StoreReader& reader, QueueSnapshot& snapshot) {
    const std::string prefix = SlurmBackend::idOf({}).toStdString();
    for (const QueuedRun& each : snapshot.queue) {
        if (each.backend.rfind(prefix, 0) != 0) continue;
        try {
            snapshot.requests[each.run] =
                slurmRequestOf(reader, snapshot.runs[each.run].directory, each.backend.substr(prefix.size()));
        } catch (const Error&) {  // its directory is gone, or the note is damaged: its start says so
        }
    }
}

}  // namespace

QString QueueSnapshot::nameOf(RowId run) const {
    const auto found = runs.find(run);
    return found == runs.end() ? QString::number(run) : QString::fromStdString(found->second.name);
}

QString QueueSnapshot::requestText(RowId run) const {
    const auto asked = requests.find(run);
    if (asked == requests.end()) return {};
    const std::string options = optionsText(asked->second);
    return options.empty()
               ? QCoreApplication::translate("retort::Queue", "asks Slurm for the cluster's defaults")
               : QCoreApplication::translate("retort::Queue", "asks Slurm for %1")
                     .arg(QString::fromStdString(options));
}

QString QueueSnapshot::detailOf(const QueuedRun& run) const {
    const QString text = placeText(*this, run);
    const QString request = run.state == QueuedState::Failed ? QString() : requestText(run.run);
    return text.isEmpty() || request.isEmpty() ? text + request : text + QStringLiteral("; ") + request;
}

QueueReading readQueue(StoreReader& reader, const std::map<std::string, GpuCount>& known) {
    QueueReading reading;
    QueueSnapshot& snapshot = reading.snapshot;
    snapshot.queue = reader.queuedRuns();
    if (snapshot.queue.empty()) return reading;
    for (const RunPlace& run : reader.runsOfQueue()) snapshot.runs[run.run] = run;
    readRequests(reader, snapshot);
    for (const QueuedRun& each : snapshot.queue)
        if (each.state == QueuedState::Started)
            if (const auto row = reader.run(each.run))
                snapshot.progress[each.run] = {row->step, row->totalSteps};
    QueuePlaces places = placesOf(reader, snapshot.queue, known, unixTime());
    std::vector<GoingRun> going = goingWithoutQueue(reader, places.places);
    QueueInput input{snapshot.queue, std::move(going), std::move(places.places), {}, sharedPlaces()};
    input.now = unixTime();
    input.retryAt = retryTimes(reader, snapshot.queue);
    for (const auto& [id, run] : snapshot.runs) input.states[id] = run.state;
    QueuePlan plan = planQueue(input);
    snapshot.waiting = std::move(plan.waiting);
    reading.starts = std::move(plan.starts);
    reading.toAsk = std::move(places.toAsk);
    return reading;
}

}  // namespace retort
