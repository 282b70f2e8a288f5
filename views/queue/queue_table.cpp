#include "views/queue/queue_table.h"

#include <QCoreApplication>
#include <algorithm>

#include "views/lab.h"
#include "views/launch_step.h"
#include "views/models/format.h"

namespace retort {

namespace {

struct QueueTables {
    Q_DECLARE_TR_FUNCTIONS(QueueTables)
};

TableCell stateCell(const QueuedRun& run) {
    switch (run.state) {
        case QueuedState::Started:
            return {QueueTables::tr("running"), {}, TableCell::Tone::Good, {}};
        case QueuedState::Failed:
            return {QueueTables::tr("failed"), {}, TableCell::Tone::Bad, {}};
        case QueuedState::Waiting:
            break;
    }
    if (run.isHeld) return {QueueTables::tr("held"), {}, TableCell::Tone::Strong, {}};
    return {QueueTables::tr("waiting"), {}, TableCell::Tone::None, {}};
}

QString placeName(const std::string& backend, const Lab& lab) {
    const Backend* known = lab.backend(toQString(backend));
    return known ? known->label() : toQString(backend);
}

/// The first line; the rest is in the tool tip.
TableCell detailCell(const QString& detail, bool isBad) {
    return {detail.section(QLatin1Char('\n'), 0, 0),
            {},
            isBad ? TableCell::Tone::Bad : TableCell::Tone::None,
            detail};
}

}  // namespace

ValueTable queueTable(const QueueSnapshot& snapshot, const Lab& lab) {
    const auto detailOf = [&](const QueuedRun& each, const RunPlace* run) {
        const QString detail = snapshot.detailOf(each);
        const QString step = run && each.state == QueuedState::Started
                                 ? launchStep(lab, each.backend, run->directory)
                                 : QString();
        return step.isEmpty() || detail.isEmpty() ? step + detail : step + QStringLiteral("; ") + detail;
    };
    ValueTable table;
    table.headers = {QueueTables::tr("Place"),   QueueTables::tr("Run"),          QueueTables::tr("Study"),
                     QueueTables::tr("Runs in"), QueueTables::tr("State"),        QueueTables::tr("Tries"),
                     QueueTables::tr("Left"),    QueueTables::tr("How it stands")};
    table.headerTips = {QueueTables::tr("Its place: 1 comes first"),
                        {},
                        {},
                        {},
                        {},
                        QueueTables::tr("How often the queue has started it"),
                        QueueTables::tr("How often it is started again when it fails")};
    for (const QueuedRun& each : snapshot.queue) {
        const auto run = snapshot.runs.find(each.run);
        const bool isBlocked = each.state == QueuedState::Failed ||
                               (snapshot.waiting.contains(each.run) &&
                                (snapshot.waiting.at(each.run).what == WaitsFor::PredecessorFailed ||
                                 snapshot.waiting.at(each.run).what == WaitsFor::NoPlace));
        table.rows.push_back(
            {{QString::number(each.position), each.position},
             {snapshot.nameOf(each.run)},
             {run == snapshot.runs.end() ? QString() : toQString(run->second.study)},
             {placeName(each.backend, lab)},
             stateCell(each),
             {QString::number(each.attempts), each.attempts},
             {QString::number(each.retries), each.retries},
             detailCell(detailOf(each, run == snapshot.runs.end() ? nullptr : &run->second), isBlocked)});
    }
    return table;
}

QString queueSummary(const QueueSnapshot& snapshot) {
    const auto count = [&](QueuedState state) {
        return static_cast<int>(
            std::count_if(snapshot.queue.begin(), snapshot.queue.end(),
                          [state](const QueuedRun& each) { return each.state == state; }));
    };
    QStringList parts = {QueueTables::tr("%n waiting", nullptr, count(QueuedState::Waiting)),
                         QueueTables::tr("%n running", nullptr, count(QueuedState::Started))};
    if (const int failed = count(QueuedState::Failed); failed > 0)
        parts << QueueTables::tr("%n failed", nullptr, failed);
    const QString counts = parts.join(QStringLiteral(", ")) + QLatin1Char('.');
    if (snapshot.isOwner || snapshot.owner == 0) return counts;
    return counts + QLatin1Char(' ') +
           QueueTables::tr("Process %1 starts them; this window takes over when that ends.")
               .arg(snapshot.owner);
}

}  // namespace retort
