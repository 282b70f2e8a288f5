// The experiment store: one SQLite file, an index over run directories (design: "The experiment store"). This
// file has the three things that programs use: opening (with migration), reading, and the one writer thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "core/annotations/annotation.h"
#include "core/annotations/annotation_queue.h"
#include "core/lineage/lineage_graph.h"
#include "core/machines/machine.h"
#include "core/queue/queued_run.h"
#include "core/runlog/run_directory.h"
#include "core/store/comparison_values.h"
#include "core/store/rows.h"

namespace retort {

/// userDataFolder()/lab.db
std::filesystem::path defaultStoreFile();

/// Read-only connection. One per thread; never blocks on the writer (WAL). All methods throw Error.
class StoreReader {
  public:
    explicit StoreReader(const std::filesystem::path& file);
    ~StoreReader();
    StoreReader(StoreReader&&) noexcept;

    std::vector<RunRow> runs(bool withArchived = false);
    std::optional<RunRow> run(RowId id);
    /// By UUID, a prefix of it (at least 4 characters), or an exact name (the newest of that name).
    std::optional<RunRow> findRun(const std::string& nameOrId);

    std::vector<SeriesRow> series(RowId run);
    /// Exact points in order; superseded ones only when asked for.
    std::vector<SeriesPoint> points(RowId series, bool withSuperseded = false);
    /// Points after the `count` first ones (for a live chart that keeps what it has).
    std::vector<SeriesPoint> pointsFrom(RowId series, std::int64_t alreadyHave);
    /// At most `maxBuckets` columns over [low, high] on the axis (all when low > high), from the pyramid
    /// where it suffices: ten million points open at once.
    std::vector<SeriesBucket> buckets(RowId series, XAxis axis, double low, double high, int maxBuckets);

    std::vector<CheckpointRow> checkpoints(RowId run);
    std::vector<EvaluationRow> evaluations(RowId run);
    std::vector<EvaluationItem> evaluationItems(RowId evaluation);
    /// Items of many evaluations, aligned by problem.
    ItemTable itemTable(const std::vector<RowId>& evaluations);
    /// Of the traces that were kept of an evaluation (`task` is its name).
    std::vector<AnswerConfidence> confidences(RowId run, std::int64_t step, const std::string& task);
    /// Everything that can be compared.
    std::vector<EvaluatedCheckpoint> evaluatedCheckpoints();
    std::vector<SavedComparison> comparisons();
    std::vector<AlarmRow> alarms(RowId run);
    std::vector<MessageEvent> messages(RowId run, int last = 200);

    std::int64_t countTraces(const TraceFilter& filter);
    /// For a list that somebody waits for: exactly where that takes about a tenth of a second, else as far as
    /// that time goes, or `most`.
    TraceCount countTraces(const TraceFilter& filter, std::int64_t most);
    std::vector<TraceRow> traces(const TraceFilter& filter, std::int64_t offset, std::int64_t limit);
    /// The next ones behind the id `after` (0: the first), by id, whatever the filter's order: for going
    /// through all of them, where an offset would count them again for each page.
    std::vector<TraceRow> tracesAfter(const TraceFilter& filter, RowId after, std::int64_t limit);
    std::optional<Trace> trace(RowId id);
    /// All samples of the group that a trace belongs to, in sample order.
    std::vector<std::pair<RowId, Trace>> traceGroup(RowId id);
    std::vector<std::string> traceTasks(RowId run);
    /// Everything that judges said of a trace, the task's checker among them, in order of kind and name; its
    /// lanes from the log and those made here.
    std::vector<StepLane> lanes(RowId trace);
    /// One problem through training, in order of step; `run` 0: in all runs.
    std::vector<ProblemMoment> problemHistory(const std::string& problemId, RowId run);
    /// Of the rewards, or of the lengths in tokens, of what a filter lets through.
    TraceHistogram rewardHistogram(const TraceFilter& filter, int bins);
    TraceHistogram lengthHistogram(const TraceFilter& filter, int bins);

    /// Trees of a run (0: of all), newest first; of one problem when it is not empty.
    std::vector<TreeRow> searchTrees(RowId run, const std::string& problemId = {});
    std::optional<SearchTree> searchTree(RowId id);

    std::vector<std::string> annotators();
    /// The identity of a trace that outlives reindexing (AnnotationEvent::mark), as preferences and rankings
    /// name others; 0: it has none yet (StoreWriter::mark).
    RowId markOf(RowId trace);
    /// 0: the trace is not in the store any more.
    RowId traceOfMark(RowId mark);
    /// The whole history of a trace, in order.
    std::vector<AnnotationEvent> annotationEvents(RowId trace);
    /// What holds now, of everybody or of one annotator.
    std::vector<Annotation> annotations(RowId trace, const std::string& annotator = {});
    /// The last event of an annotator that is no undo and was not taken back: what undo() takes back next,
    /// with all that was said at once with it.
    std::optional<AnnotationEvent> lastUndoable(const std::string& annotator);
    /// The last undo (its event, whose `undoes` is what was said) that was not taken back, unless something
    /// was said since.
    std::optional<AnnotationEvent> lastUndone(const std::string& annotator);
    std::vector<QueueRow> annotationQueues();
    /// With the states of one annotator.
    std::vector<QueueItem> queueItems(RowId queue, const std::string& annotator);
    /// What a preset finds among the traces that a filter lets through, best first.
    std::vector<RowId> selectForQueue(const TraceFilter& filter, QueuePreset preset, std::int64_t most);
    /// Of the traces that two or more people finished (in one queue, or anywhere): what agreement is computed
    /// from.
    struct AnnotatedTrace {
        RowId trace = 0;
        std::vector<Annotation> annotations;
    };
    std::vector<AnnotatedTrace> annotatedTraces(RowId queue = 0);

    /// The ancestry of all checkpoints.
    LineageGraph lineage();
    /// The contentHash() of a checkpoint's weights, if it was computed since they were written; else empty.
    /// Throws Error where there are none.
    std::string contentHashOf(const std::filesystem::path& folder);

    /// In the order in which they were added.
    std::vector<Machine> machines();
    /// Throws Error, with the names that there are, for an unknown one.
    Machine machine(const std::string& name);
    /// Runs that were started on machines, the newest first; of one machine when it is not empty.
    std::vector<JobRow> jobs(const std::string& machine = {});
    std::optional<JobRow> job(RowId run);

    /// Runs that wait for their turn, in order, with those that got it and are going.
    std::vector<QueuedRun> queuedRuns();
    /// Runs outside of that queue that may be going.
    std::vector<RunPlace> goingRuns();
    /// Those in the queue, and those that they wait for.
    std::vector<RunPlace> runsOfQueue();

    /// Window state that belongs to the data: last selection, saved views.
    std::optional<Json> setting(const std::string& key);

    /// Runs one read-only statement: columns, and rows as text. Anything that writes is refused.
    struct Table {
        std::vector<std::string> columns;
        std::vector<std::vector<std::string>> rows;
    };
    Table query(const std::string& sql, std::int64_t maxRows = -1);

    StoreCheckReport check();

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

/// What changed with a commit; the window refreshes only that.
struct StoreChange {
    bool runsChanged = false;
    std::vector<RowId> runs;        ///< whose row changed (state, step, latest values, tags …)
    std::vector<RowId> seriesRuns;  ///< that got points
    std::vector<RowId> traceRuns;   ///< that got traces
    std::vector<RowId> evaluationRuns;
    bool lineageChanged = false;      ///< folders, edges or content hashes
    std::vector<RowId> judgedTraces;  ///< that were annotated, or got a lane
    bool queuesChanged = false;
    bool machinesChanged = false;  ///< machines or jobs
    bool runQueueChanged = false;
};

/// Owns the one writing connection and its thread. Opening migrates an older file (copied first as
/// "<file>.v<n>.bak"), refuses a newer one, a file that is no store of ours, and a read-only or locked one,
/// each with a message that says what to do. Methods queue work and return at once; the future carries the
/// error if any.
class StoreWriter {
  public:
    explicit StoreWriter(const std::filesystem::path& file);
    ~StoreWriter();

    const std::filesystem::path& file() const;

    /// Called on the writer thread after each commit that changed something.
    void onChange(std::function<void(const StoreChange&)> callback);
    /// Called on the writer thread with what goes wrong while logs are followed (a full disk, a locked
    /// store); once until it goes well again. What was asked for through a method says so in its future
    /// instead.
    void onError(std::function<void(const std::string&)> callback);

    /// Registers a run directory (or finds it by UUID); events.jsonl is ingested by `follow`.
    std::future<RowId> addRun(const RunDirectory& run, const std::string& backend);
    /// Reads what is new in the run's log, exactly once: rows and offset in one transaction. Repeats every
    /// ~20 ms (sooner where the system tells of changes) until the run ends or `unfollow`.
    void follow(RowId run);
    void unfollow(RowId run);
    /// One pass over the log to its end; the future is ready when all of it is committed.
    std::future<void> ingest(RowId run);

    std::future<void> setState(RowId run, const std::string& state, const std::string& error);
    std::future<void> rename(RowId run, const std::string& name);
    std::future<void> setTags(RowId run, const std::vector<std::string>& tags);
    std::future<void> setNotes(RowId run, const std::string& notes);
    std::future<void> setArchived(const std::vector<RowId>& runs, bool archived);
    std::future<void> setSetting(const std::string& key, const Json& value);

    /// Adds the comparison, or changes the one of its name; the future has its id.
    std::future<RowId> saveComparison(const SavedComparison& comparison);
    std::future<void> removeComparison(RowId id);
    /// Adds a machine, or changes the one of the name `before`.
    std::future<void> saveMachine(const Machine& machine, const std::string& before = {});
    std::future<void> removeMachine(const std::string& name);  ///< its runs stay
    std::future<void> saveJob(const JobRow& job);
    std::future<void> removeJob(RowId run);

    /// The queue of runs; several programs may work on it. What each of these does exactly:
    /// core/store/queued_run_rows.h.
    std::future<void> queueRuns(const std::vector<QueuedRun>& runs);
    std::future<std::vector<QueuedRun>> unqueueRuns(const std::vector<RowId>& runs, bool toStart = false);
    std::future<void> moveQueuedRun(RowId run, int position);
    std::future<void> holdQueuedRuns(const std::vector<RowId>& runs, bool isHeld);
    std::future<void> retryQueuedRuns(const std::vector<RowId>& runs);
    std::future<std::optional<int>> beginQueuedRun(RowId run, const std::vector<int>& gpus);
    std::future<void> endQueuedRun(RowId run, int attempt, QueuedEnd end, const std::string& problem = {});

    /// Looks into the folder of a checkpoint or adapter outside of runs, and into those that it came from.
    /// What runs name is looked into by itself.
    std::future<void> addLineageFolder(const std::filesystem::path& folder);
    /// Keeps what contentHash() gave for a checkpoint.
    std::future<void> setContentHash(const std::filesystem::path& folder, const std::string& hash);

    /// Says things of a trace, all or none; the future has the events' ids. Saying what holds already makes
    /// no event. Throws Error for an unknown trace or a wrong value (checkAnnotation).
    std::future<std::vector<RowId>> annotate(RowId trace, const std::string& annotator,
                                             const std::vector<NewAnnotation>& annotations, RowId queue = 0);
    /// Takes back what StoreReader::lastUndoable() gives and all that was said with it in one annotate(), as
    /// new events, whatever was submitted since; the last of them, absent when there is nothing. redo() takes
    /// the last undo back until something else is said.
    std::future<std::optional<AnnotationEvent>> undoAnnotation(const std::string& annotator);
    std::future<std::optional<AnnotationEvent>> redoAnnotation(const std::string& annotator);
    /// The marks of traces, in their order; those that have none get one. For naming them in preferences and
    /// rankings.
    std::future<std::vector<RowId>> mark(const std::vector<RowId>& traces);
    /// Adds the lanes to a trace; a lane of the same kind and name is replaced, one without steps goes away.
    /// All or none. Not for people's lanes, which follow from annotate().
    std::future<void> setLanes(RowId trace, const std::vector<StepLane>& lanes);
    std::future<void> setLanes(const std::vector<std::pair<RowId, std::vector<StepLane>>>& traces);

    std::future<RowId> addQueue(const QueueSettings& settings, QueuePreset preset,
                                const std::vector<RowId>& traces);
    std::future<void> changeQueue(RowId queue, const QueueSettings& settings);
    std::future<void> removeQueue(RowId queue);  ///< annotations stay
    std::future<void> addToQueue(RowId queue, const std::vector<RowId>& traces);
    /// Makes an item one of quality control, or (absent) a plain one.
    std::future<void> setQualityControl(RowId queue, RowId trace, std::optional<QualityControl> control);

    /// Points straight into series, without a log (importers, the bench): `values[i]` belongs to `names[i]`.
    struct PointBatch {
        RowId run = 0;
        std::vector<std::string> names;
        std::vector<std::vector<SeriesPoint>> points;
    };
    std::future<void> addPoints(PointBatch batch);

    /// Adds the run directories below `root` that the store does not know and rebuilds the rest from their
    /// logs; notes, tags and annotations are kept.
    std::future<int> reindex(const std::filesystem::path& root);
    std::future<void> backup(const std::filesystem::path& target);
    std::future<void> compact();

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
