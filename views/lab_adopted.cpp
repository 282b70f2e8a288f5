#include "views/lab_adopted.h"

#include "core/adoption/adopted_directory.h"
#include "core/runlog/run_directory.h"
#include "training/backends/adopted_backend.h"
#include "training/backends/run_outcome.h"

namespace retort {

namespace {

bool isGoing(const RunRow& run) {
    return run.state == "running" || run.state == "paused" || run.state == "created";
}

/// Nothing more is told of it: the store says so, with all that was told.
void noteLeft(Lab& lab, const QString& runDirectory) {
    const auto look = [&writer = lab.writer(), runDirectory](StoreReader& reader) {
        for (const RunRow& row : reader.runs(true)) {
            if (row.directory != runDirectory.toStdString()) continue;
            writer.unfollow(row.id);
            writer.ingest(row.id).get();
            const auto now = reader.run(row.id);
            if (now && isGoing(*now)) writer.setState(row.id, "stopped", {}).get();
        }
        return true;
    };
    lab.read(&lab, look, [](bool) {});
}

}  // namespace

AdoptedBackend* adoptedBackend(const Lab& lab) {
    return qobject_cast<AdoptedBackend*>(lab.backend(QStringLiteral("adopted")));
}

bool isAdopted(const RunRow& run) {
    return run.recipe == adoptedRecipe;
}

void connectAdopted(Lab& lab) {
    AdoptedBackend* adopted = adoptedBackend(lab);
    if (!adopted) return;
    QObject::connect(adopted, &AdoptedBackend::left, &lab,
                     [&lab](const QString& directory) { noteLeft(lab, directory); });
    QObject::connect(adopted, &AdoptedBackend::connectionChanged, &lab,
                     [&lab, adopted](const QString& machine) {
                         if (const QString problem = adopted->problemWith(machine); !problem.isEmpty())
                             Q_EMIT lab.failed(machine + QStringLiteral(": ") + problem);
                     });
}

void followAdopted(Lab& lab, const RunRow& run) {
    const auto look = [&writer = lab.writer(), id = run.id,
                       directory = std::filesystem::path(run.directory)] {
        // One that is over stays so: its trainer's next attempt says itself that it runs.
        if (!endOfLastAttempt(RunDirectory::open(directory))) writer.setState(id, "running", {}).get();
        return true;
    };
    lab.compute(&lab, look, [&lab, id = run.id, directory = QString::fromStdString(run.directory)](bool) {
        if (adoptedBackend(lab)->adopt(directory)) lab.writer().follow(id);
        Q_EMIT lab.runChanged(id);
    });
}

void leaveAdopted(Lab& lab, const RunRow& run) {
    const QString directory = QString::fromStdString(run.directory);
    if (adoptedBackend(lab)->isRunning(directory))
        adoptedBackend(lab)->leave(directory);  // left() follows
    else
        noteLeft(lab, directory);  // another program follows it, or nobody does
}

}  // namespace retort
