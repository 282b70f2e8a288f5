#include "core/store/annotation_rows.h"
#include "core/store/comparison_rows.h"
#include "core/store/event_ingest.h"
#include "core/store/lane_rows.h"
#include "core/store/lineage_rows.h"
#include "core/store/machine_rows.h"
#include "core/store/maintenance.h"
#include "core/store/mark_rows.h"
#include "core/store/queue_rows.h"
#include "core/store/queued_run_rows.h"
#include "core/store/run_writing.h"
#include "core/store/store.h"
#include "core/store/writer_thread.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {

struct StoreWriter::Impl : WriterThread {
    using WriterThread::WriterThread;
};

StoreWriter::StoreWriter(const fs::path& file) : m_impl(std::make_unique<Impl>(file)) {}
StoreWriter::~StoreWriter() = default;

const fs::path& StoreWriter::file() const {
    return m_impl->file();
}

void StoreWriter::onChange(std::function<void(const StoreChange&)> callback) {
    m_impl->setCallbacks(std::move(callback), nullptr);
}

void StoreWriter::onError(std::function<void(const std::string&)> callback) {
    m_impl->setCallbacks(nullptr, std::move(callback));
}

std::future<RowId> StoreWriter::addRun(const RunDirectory& run, const std::string& backend) {
    return m_impl->change([this, run, backend](StoreChange& changed) {
        changed.runsChanged = true;
        changed.lineageChanged = true;
        const RowId id = addRunRow(m_impl->database(), run, backend);
        indexRunLineage(m_impl->database(), id);
        return id;
    });
}

void StoreWriter::follow(RowId run) {
    m_impl->follow(run);
}

void StoreWriter::unfollow(RowId run) {
    m_impl->unfollow(run);
}

std::future<void> StoreWriter::ingest(RowId run) {
    return m_impl->ingest(run);
}

std::future<void> StoreWriter::setState(RowId run, const std::string& state, const std::string& error) {
    return m_impl->change([this, run, state, error](StoreChange& changed) {
        setRunState(m_impl->database(), run, state, error);
        noteRow(changed.runs, run);
    });
}

std::future<void> StoreWriter::rename(RowId run, const std::string& name) {
    return m_impl->change([this, run, name](StoreChange& changed) {
        requireRun(m_impl->database(), run);
        m_impl->database().prepared("UPDATE runs SET name = ?2 WHERE id = ?1").run(run, name);
        noteRow(changed.runs, run);
        changed.lineageChanged = true;
    });
}

std::future<void> StoreWriter::setTags(RowId run, const std::vector<std::string>& tags) {
    return m_impl->change([this, run, tags](StoreChange& changed) {
        setRunTags(m_impl->database(), run, tags);
        noteRow(changed.runs, run);
    });
}

std::future<void> StoreWriter::setNotes(RowId run, const std::string& notes) {
    return m_impl->change([this, run, notes](StoreChange& changed) {
        requireRun(m_impl->database(), run);
        m_impl->database().prepared("UPDATE runs SET notes = ?2 WHERE id = ?1").run(run, notes);
        noteRow(changed.runs, run);
    });
}

std::future<void> StoreWriter::setArchived(const std::vector<RowId>& runs, bool archived) {
    return m_impl->change([this, runs, archived](StoreChange& changed) {
        for (const RowId run : runs) {
            requireRun(m_impl->database(), run);
            m_impl->database().prepared("UPDATE runs SET archived = ?2 WHERE id = ?1").run(run, archived);
            noteRow(changed.runs, run);
        }
        changed.runsChanged = true;
    });
}

std::future<void> StoreWriter::setSetting(const std::string& key, const Json& value) {
    return m_impl->change([this, key, text = value.dump()](StoreChange&) {
        m_impl->database()
            .prepared(
                "INSERT INTO settings VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
            .run(key, text);
    });
}

std::future<RowId> StoreWriter::saveComparison(const SavedComparison& comparison) {
    return m_impl->change(
        [this, comparison](StoreChange&) { return retort::saveComparison(m_impl->database(), comparison); });
}

std::future<void> StoreWriter::removeComparison(RowId id) {
    return m_impl->change([this, id](StoreChange&) { retort::removeComparison(m_impl->database(), id); });
}

std::future<void> StoreWriter::saveMachine(const Machine& machine, const std::string& before) {
    return m_impl->change([this, machine, before](StoreChange& changed) {
        retort::saveMachine(m_impl->database(), machine, before);
        changed.machinesChanged = true;
    });
}

std::future<void> StoreWriter::removeMachine(const std::string& name) {
    return m_impl->change([this, name](StoreChange& changed) {
        retort::removeMachine(m_impl->database(), name);
        changed.machinesChanged = true;
    });
}

std::future<void> StoreWriter::saveJob(const JobRow& job) {
    return m_impl->change([this, job](StoreChange& changed) {
        retort::saveJob(m_impl->database(), job);
        changed.machinesChanged = true;
    });
}

std::future<void> StoreWriter::removeJob(RowId run) {
    return m_impl->change([this, run](StoreChange& changed) {
        retort::removeJob(m_impl->database(), run);
        changed.machinesChanged = true;
    });
}

std::future<void> StoreWriter::queueRuns(const std::vector<QueuedRun>& runs) {
    return m_impl->change([this, runs](StoreChange& changed) {
        addQueuedRuns(m_impl->database(), runs);
        changed.runQueueChanged = true;
        for (const QueuedRun& each : runs) noteRow(changed.runs, each.run);
    });
}

std::future<std::vector<QueuedRun>> StoreWriter::unqueueRuns(const std::vector<RowId>& runs, bool toStart) {
    return m_impl->change([this, runs, toStart](StoreChange& changed) {
        changed.runQueueChanged = true;
        for (const RowId run : runs) noteRow(changed.runs, run);
        return removeQueuedRuns(m_impl->database(), runs, toStart);
    });
}

std::future<void> StoreWriter::moveQueuedRun(RowId run, int position) {
    return m_impl->change([this, run, position](StoreChange& changed) {
        changed.runQueueChanged = true;
        retort::moveQueuedRun(m_impl->database(), run, position);
    });
}

std::future<void> StoreWriter::holdQueuedRuns(const std::vector<RowId>& runs, bool isHeld) {
    return m_impl->change([this, runs, isHeld](StoreChange& changed) {
        changed.runQueueChanged = true;
        retort::holdQueuedRuns(m_impl->database(), runs, isHeld);
    });
}

std::future<void> StoreWriter::retryQueuedRuns(const std::vector<RowId>& runs) {
    return m_impl->change([this, runs](StoreChange& changed) {
        changed.runQueueChanged = true;
        retort::retryQueuedRuns(m_impl->database(), runs);
    });
}

std::future<std::optional<int>> StoreWriter::beginQueuedRun(RowId run, const std::vector<int>& gpus) {
    return m_impl->change([this, run, gpus](StoreChange& changed) {
        changed.runQueueChanged = true;
        noteRow(changed.runs, run);
        return retort::beginQueuedRun(m_impl->database(), run, gpus);
    });
}

std::future<void> StoreWriter::endQueuedRun(RowId run, int attempt, QueuedEnd end,
                                            const std::string& problem) {
    return m_impl->change([this, run, attempt, end, problem](StoreChange& changed) {
        changed.runQueueChanged = true;
        retort::endQueuedRun(m_impl->database(), run, attempt, end, problem);
    });
}

std::future<void> StoreWriter::addLineageFolder(const fs::path& folder) {
    return m_impl->change([this, folder](StoreChange& changed) {
        indexFolderLineage(m_impl->database(), folder);
        changed.lineageChanged = true;
    });
}

std::future<void> StoreWriter::setContentHash(const fs::path& folder, const std::string& hash) {
    return m_impl->change([this, folder, hash](StoreChange& changed) {
        rememberContentHash(m_impl->database(), folder, weightFilesOf(folder), hash);
        changed.lineageChanged = true;
    });
}

std::future<std::vector<RowId>> StoreWriter::annotate(RowId trace, const std::string& annotator,
                                                      const std::vector<NewAnnotation>& annotations,
                                                      RowId queue) {
    return m_impl->change([this, trace, annotator, annotations, queue](StoreChange& changed) {
        return annotateTrace(m_impl->database(), trace, annotator, annotations, queue, changed);
    });
}

std::future<std::optional<AnnotationEvent>> StoreWriter::undoAnnotation(const std::string& annotator) {
    return m_impl->change(
        [this, annotator](StoreChange& changed) { return undoLast(m_impl->database(), annotator, changed); });
}

std::future<std::optional<AnnotationEvent>> StoreWriter::redoAnnotation(const std::string& annotator) {
    return m_impl->change(
        [this, annotator](StoreChange& changed) { return redoLast(m_impl->database(), annotator, changed); });
}

std::future<std::vector<RowId>> StoreWriter::mark(const std::vector<RowId>& traces) {
    return m_impl->change([this, traces](StoreChange&) {
        std::vector<RowId> marks;
        for (const RowId trace : traces) marks.push_back(markOf(m_impl->database(), trace));
        return marks;
    });
}

std::future<void> StoreWriter::setLanes(RowId trace, const std::vector<StepLane>& lanes) {
    return setLanes({{trace, lanes}});
}

std::future<void> StoreWriter::setLanes(const std::vector<std::pair<RowId, std::vector<StepLane>>>& traces) {
    return m_impl->change([this, traces](StoreChange& changed) {
        Database& database = m_impl->database();
        for (const auto& [trace, lanes] : traces) {
            const std::int64_t bytes = completionBytes(database, trace);
            const RowId mark = markOf(database, trace);
            for (const StepLane& lane : lanes) {
                if (lane.kind == LaneKind::Human)
                    throw Error("what people say of steps is annotated, so that its history is kept",
                                lane.name);
                checkLane(lane, bytes);
                replaceLane(database, mark, lane);
            }
            noteJudged(database, mark, changed);
        }
    });
}

std::future<RowId> StoreWriter::addQueue(const QueueSettings& settings, QueuePreset preset,
                                         const std::vector<RowId>& traces) {
    return m_impl->change([this, settings, preset, traces](StoreChange& changed) {
        changed.queuesChanged = true;
        return insertQueue(m_impl->database(), settings, preset, traces);
    });
}

std::future<void> StoreWriter::changeQueue(RowId queue, const QueueSettings& settings) {
    return m_impl->change([this, queue, settings](StoreChange& changed) {
        changed.queuesChanged = true;
        updateQueue(m_impl->database(), queue, settings);
    });
}

std::future<void> StoreWriter::removeQueue(RowId queue) {
    return m_impl->change([this, queue](StoreChange& changed) {
        changed.queuesChanged = true;
        deleteQueue(m_impl->database(), queue);
    });
}

std::future<void> StoreWriter::addToQueue(RowId queue, const std::vector<RowId>& traces) {
    return m_impl->change([this, queue, traces](StoreChange& changed) {
        changed.queuesChanged = true;
        appendToQueue(m_impl->database(), queue, traces);
    });
}

std::future<void> StoreWriter::setQualityControl(RowId queue, RowId trace,
                                                 std::optional<QualityControl> control) {
    return m_impl->change([this, queue, trace, control](StoreChange& changed) {
        changed.queuesChanged = true;
        setControl(m_impl->database(), queue, trace, control);
    });
}

std::future<void> StoreWriter::addPoints(PointBatch batch) {
    return m_impl->change([this, batch = std::move(batch)](StoreChange& changed) {
        requireRun(m_impl->database(), batch.run);
        if (batch.names.size() != batch.points.size())
            throw Error("a batch needs as many names as lists of points");
        for (std::size_t i = 0; i < batch.names.size(); ++i)
            m_impl->series().add(batch.run, batch.names[i], batch.points[i]);
        m_impl->series().flush();
        noteRow(changed.runs, batch.run);
        noteRow(changed.seriesRuns, batch.run);
    });
}

std::future<int> StoreWriter::reindex(const fs::path& root) {
    return m_impl->submit([this, root] { return m_impl->reindex(root); });
}

std::future<void> StoreWriter::backup(const fs::path& target) {
    return m_impl->submit([this, target] { backupStore(m_impl->database(), target); });
}

std::future<void> StoreWriter::compact() {
    return m_impl->submit([this] { compactStore(m_impl->database()); });
}

}  // namespace retort
