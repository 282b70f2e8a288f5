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

#include "core/lineage/lineage_graph.h"
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
    std::vector<TraceRow> traces(const TraceFilter& filter, std::int64_t offset, std::int64_t limit);
    std::optional<Trace> trace(RowId id);
    /// All samples of the group that a trace belongs to, in sample order.
    std::vector<std::pair<RowId, Trace>> traceGroup(RowId id);
    std::vector<std::string> traceTasks(RowId run);

    /// The ancestry of all checkpoints.
    LineageGraph lineage();
    /// The contentHash() of a checkpoint's weights, if it was computed since they were written; else empty.
    /// Throws Error where there are none.
    std::string contentHashOf(const std::filesystem::path& folder);

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
    bool lineageChanged = false;  ///< folders, edges or content hashes
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
    /// Looks into the folder of a checkpoint or adapter outside of runs, and into those that it came from. What runs
    /// name is looked into by itself.
    std::future<void> addLineageFolder(const std::filesystem::path& folder);
    /// Keeps what contentHash() gave for a checkpoint.
    std::future<void> setContentHash(const std::filesystem::path& folder, const std::string& hash);

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
