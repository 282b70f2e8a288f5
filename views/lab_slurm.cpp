// Lab's part that submits runs to Slurm and steers their jobs.
#include <optional>

#include "training/backends/slurm/slurm_backend.h"
#include "views/lab_p.h"

namespace retort {

SlurmBackend* Lab::slurm(const QString& backendId) const {
    return qobject_cast<SlurmBackend*>(backend(backendId));
}

void Lab::submit(const std::vector<LaunchRequest>& requests, const SlurmRequest& asked,
                 const std::string& script, QObject* context, std::function<void(std::vector<RowId>)> done,
                 std::function<void(const Error&)> failed) {
    struct Made {
        std::vector<RowId> runs;
        QStringList directories;
        std::optional<Error> error;
    };
    const QString id = requests.front().backend;
    const SlurmBackend* chosen = slurm(id);
    if (!chosen) return failed(Error("there is no backend '" + id.toStdString() + "'", "backend"));
    const auto make = [this, requests, asked, script, root = runsFolder(),
                       machine = chosen->machine().name](StoreReader& reader) {
        Made made;
        try {
            for (const LaunchRequest& request : requests) {
                const RunDirectory directory = makeDirectory(request, root, reader);
                made.runs.push_back(m_writer->addRun(directory, request.backend.toStdString()).get());
                made.directories << QString::fromStdString(directory.path().string());
                // The others' are for when they are submitted alone.
                prepareSlurmRun(directory.path(), machine, asked, made.runs.size() == 1 ? script : "");
            }
        } catch (const Error& error) {
            made.error = error;
        }
        return made;
    };
    read(context, make, [this, id, done = std::move(done), failed = std::move(failed)](const Made& made) {
        try {
            if (made.error) throw *made.error;
            SlurmBackend* backend = slurm(id);
            if (!backend) throw Error("the machine was removed", id.toStdString());
            for (qsizetype i = 0; i < made.directories.size(); ++i) {
                m_impl->launched.insert(made.directories[i], made.runs[std::size_t(i)]);
                m_writer->follow(made.runs[std::size_t(i)]);
            }
            if (made.directories.size() == 1)
                backend->launch(made.directories.front(), false);
            else
                backend->launchArray(made.directories);
            for (const QString& directory : made.directories) noteJob(directory);
        } catch (const Error& error) {
            for (const QString& directory : made.directories) m_impl->launched.remove(directory);
            for (const RowId run : made.runs) m_writer->setState(run, "failed", error.what());
            return failed(error);
        }
        done(made.runs);
    });
}

void Lab::steerJob(const RunRow& run, JobAction action) {
    SlurmBackend* holder = slurm(QString::fromStdString(run.backend));
    if (!holder) return;
    const QString directory = QString::fromStdString(run.directory);
    try {
        if (action == JobAction::Requeue) holder->requeue(directory);
        if (action == JobAction::Hold) holder->hold(directory);
        if (action == JobAction::Release) holder->release(directory);
    } catch (const Error& error) {
        report(error);
    }
}

}  // namespace retort
