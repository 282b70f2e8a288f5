#include "core/store/annotation_query.h"
#include "core/store/bucket_query.h"
#include "core/store/check.h"
#include "core/store/comparison_rows.h"
#include "core/store/lane_rows.h"
#include "core/store/lineage_rows.h"
#include "core/store/machine_rows.h"
#include "core/store/mark_rows.h"
#include "core/store/queue_rows.h"
#include "core/store/queue_selection.h"
#include "core/store/queued_run_rows.h"
#include "core/store/run_rows.h"
#include "core/store/sql_query.h"
#include "core/store/store.h"
#include "core/store/store_file.h"
#include "core/store/summary_rows.h"
#include "core/store/trace_query.h"
#include "core/store/trace_rows.h"
#include "core/store/trace_statistics.h"
#include "core/store/tree_rows.h"
#include "core/util/error.h"

namespace retort {

struct StoreReader::Impl {
    std::unique_ptr<Database> database;
};

StoreReader::StoreReader(const std::filesystem::path& file)
    : m_impl(std::make_unique<Impl>(Impl{openStoreForReading(file)})) {}
StoreReader::~StoreReader() = default;
StoreReader::StoreReader(StoreReader&&) noexcept = default;

std::vector<RunRow> StoreReader::runs(bool withArchived) {
    return readRuns(*m_impl->database, withArchived);
}
std::optional<RunRow> StoreReader::run(RowId id) {
    return readRun(*m_impl->database, id);
}

std::optional<RunRow> StoreReader::findRun(const std::string& nameOrId) {
    const RowId id = findRunId(*m_impl->database, nameOrId);
    return id == 0 ? std::nullopt : run(id);
}

std::vector<SeriesRow> StoreReader::series(RowId run) {
    Statement& rows = m_impl->database->prepared(
        "SELECT id, name, points - superseded, first_step, last_step, last_value FROM series WHERE run_id = "
        "?1 "
        "ORDER BY name");
    std::vector<SeriesRow> series;
    for (rows.with(run); rows.step();)
        series.push_back({rows.integer(0), run, rows.text(1), rows.integer(2), rows.integer(3),
                          rows.integer(4), rows.real(5)});
    rows.reset();
    return series;
}

std::vector<SeriesPoint> StoreReader::points(RowId series, bool withSuperseded) {
    Statement rows(*m_impl->database,
                   std::string("SELECT " RETORT_POINT_COLUMNS " FROM points WHERE series_id = ?1 ") +
                       (withSuperseded ? "" : "AND superseded = 0 ") + "ORDER BY idx");
    std::vector<SeriesPoint> points;
    for (rows.with(series); rows.step();) points.push_back(readPoint(rows));
    return points;
}

std::vector<SeriesPoint> StoreReader::pointsFrom(RowId series, std::int64_t alreadyHave) {
    return livePointsFrom(*m_impl->database, series, alreadyHave);
}

std::vector<SeriesBucket> StoreReader::buckets(RowId series, XAxis axis, double low, double high,
                                               int maxBuckets) {
    return BucketQuery(*m_impl->database, series, axis).run(low, high, maxBuckets);
}

std::vector<CheckpointRow> StoreReader::checkpoints(RowId run) {
    return readCheckpoints(*m_impl->database, run);
}
std::vector<EvaluationRow> StoreReader::evaluations(RowId run) {
    return readEvaluations(*m_impl->database, run);
}
std::vector<EvaluationItem> StoreReader::evaluationItems(RowId evaluation) {
    return readEvaluationItems(*m_impl->database, evaluation);
}
ItemTable StoreReader::itemTable(const std::vector<RowId>& evaluations) {
    return readItemTable(*m_impl->database, evaluations);
}
std::vector<AnswerConfidence> StoreReader::confidences(RowId run, std::int64_t step,
                                                       const std::string& task) {
    return readConfidences(*m_impl->database, run, step, task);
}
std::vector<EvaluatedCheckpoint> StoreReader::evaluatedCheckpoints() {
    return readEvaluatedCheckpoints(*m_impl->database);
}
std::vector<SavedComparison> StoreReader::comparisons() {
    return readComparisons(*m_impl->database);
}
std::vector<AlarmRow> StoreReader::alarms(RowId run) {
    return readAlarms(*m_impl->database, run);
}
std::vector<MessageEvent> StoreReader::messages(RowId run, int last) {
    return readMessages(*m_impl->database, run, last);
}

std::int64_t StoreReader::countTraces(const TraceFilter& filter) {
    return retort::countTraces(*m_impl->database, filter);
}
TraceCount StoreReader::countTraces(const TraceFilter& filter, std::int64_t most) {
    return retort::countTraces(*m_impl->database, filter, most);
}
std::vector<TraceRow> StoreReader::tracesAfter(const TraceFilter& filter, RowId after, std::int64_t limit) {
    return listTracesAfter(*m_impl->database, filter, after, limit);
}
std::vector<TraceRow> StoreReader::traces(const TraceFilter& filter, std::int64_t offset,
                                          std::int64_t limit) {
    return listTraces(*m_impl->database, filter, offset, limit);
}
std::optional<Trace> StoreReader::trace(RowId id) {
    return readTrace(*m_impl->database, id);
}

std::vector<std::pair<RowId, Trace>> StoreReader::traceGroup(RowId id) {
    std::vector<std::pair<RowId, Trace>> group;
    for (const RowId member : groupOfTrace(*m_impl->database, id))
        if (auto trace = readTrace(*m_impl->database, member)) group.emplace_back(member, std::move(*trace));
    return group;
}

std::vector<std::string> StoreReader::traceTasks(RowId run) {
    Statement rows(
        *m_impl->database,
        run == 0 ? "SELECT DISTINCT task FROM traces WHERE superseded = 0 ORDER BY task"
                 : "SELECT DISTINCT task FROM traces WHERE superseded = 0 AND run_id = ?1 ORDER BY task");
    if (run != 0) rows.bind(0, run);
    std::vector<std::string> tasks;
    while (rows.step()) tasks.push_back(rows.text(0));
    return tasks;
}

std::vector<StepLane> StoreReader::lanes(RowId trace) {
    return readLanes(*m_impl->database, trace);
}
std::vector<ProblemMoment> StoreReader::problemHistory(const std::string& problemId, RowId run) {
    return readProblemHistory(*m_impl->database, problemId, run);
}
TraceHistogram StoreReader::rewardHistogram(const TraceFilter& filter, int bins) {
    return readRewardHistogram(*m_impl->database, filter, bins);
}
TraceHistogram StoreReader::lengthHistogram(const TraceFilter& filter, int bins) {
    return readLengthHistogram(*m_impl->database, filter, bins);
}

std::vector<TreeRow> StoreReader::searchTrees(RowId run, const std::string& problemId) {
    return listTrees(*m_impl->database, run, problemId);
}
std::optional<SearchTree> StoreReader::searchTree(RowId id) {
    return readTree(*m_impl->database, id);
}

std::vector<std::string> StoreReader::annotators() {
    return readAnnotators(*m_impl->database);
}
RowId StoreReader::markOf(RowId trace) {
    return findMark(*m_impl->database, trace);
}
RowId StoreReader::traceOfMark(RowId mark) {
    return retort::traceOfMark(*m_impl->database, mark);
}
std::vector<AnnotationEvent> StoreReader::annotationEvents(RowId trace) {
    return eventsOfTrace(*m_impl->database, trace);
}
std::vector<Annotation> StoreReader::annotations(RowId trace, const std::string& annotator) {
    const RowId mark = findMark(*m_impl->database, trace);
    return mark == 0 ? std::vector<Annotation>{} : annotationsOfMark(*m_impl->database, mark, annotator);
}

std::optional<AnnotationEvent> StoreReader::lastUndoable(const std::string& annotator) {
    Database& database = *m_impl->database;
    return readEvent(database, lastUndoableEvent(database, findAnnotator(database, annotator)));
}
std::optional<AnnotationEvent> StoreReader::lastUndone(const std::string& annotator) {
    Database& database = *m_impl->database;
    return readEvent(database, lastUndoneEvent(database, findAnnotator(database, annotator)));
}

std::vector<QueueRow> StoreReader::annotationQueues() {
    return readQueues(*m_impl->database);
}
std::vector<QueueItem> StoreReader::queueItems(RowId queue, const std::string& annotator) {
    return readQueueItems(*m_impl->database, queue, annotator);
}
std::vector<RowId> StoreReader::selectForQueue(const TraceFilter& filter, QueuePreset preset,
                                               std::int64_t most) {
    return retort::selectForQueue(*m_impl->database, filter, preset, most);
}
std::vector<StoreReader::AnnotatedTrace> StoreReader::annotatedTraces(RowId queue) {
    return readAnnotatedTraces(*m_impl->database, queue);
}

LineageGraph StoreReader::lineage() {
    return buildLineage(readLineageInput(*m_impl->database));
}
std::string StoreReader::contentHashOf(const std::filesystem::path& folder) {
    return knownContentHash(*m_impl->database, folder, weightFilesOf(folder));
}

std::vector<Machine> StoreReader::machines() {
    return readMachines(*m_impl->database);
}

Machine StoreReader::machine(const std::string& name) {
    std::string known;
    for (Machine& machine : machines()) {
        if (machine.name == name) return std::move(machine);
        known.append(known.empty() ? "" : ", ").append(machine.name);
    }
    throw Error("there is no machine '" + name + "'", m_impl->database->file().string(),
                known.empty() ? "`retort-cli machines add` makes one" : "there are: " + known);
}

std::vector<JobRow> StoreReader::jobs(const std::string& machine) {
    return readJobs(*m_impl->database, machine);
}

std::optional<JobRow> StoreReader::job(RowId run) {
    return readJob(*m_impl->database, run);
}

std::vector<QueuedRun> StoreReader::queuedRuns() {
    return readQueuedRuns(*m_impl->database);
}
std::vector<RunPlace> StoreReader::goingRuns() {
    return readGoingRuns(*m_impl->database);
}
std::vector<RunPlace> StoreReader::runsOfQueue() {
    return readRunsOfQueue(*m_impl->database);
}

std::optional<Json> StoreReader::setting(const std::string& key) {
    Statement& row = m_impl->database->prepared("SELECT value FROM settings WHERE key = ?1");
    std::optional<Json> value;
    if (row.with(key).step()) value = Json::parse(row.text(0), nullptr, false);
    row.reset();
    if (value && value->is_discarded()) value.reset();
    return value;
}

StoreReader::Table StoreReader::query(const std::string& sql, std::int64_t maxRows) {
    return runReadOnlyQuery(*m_impl->database, sql, maxRows);
}

StoreCheckReport StoreReader::check() {
    return checkStore(*m_impl->database);
}

}  // namespace retort
