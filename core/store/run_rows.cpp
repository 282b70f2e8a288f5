#include "core/store/run_rows.h"

#include <unordered_map>

#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* runColumns =
    "SELECT runs.id, uuid, runs.name, coalesce(studies.name, ''), recipe, state, backend, host, directory, "
    "error, notes, "
    "created, started, ended, step, total_steps, attempts, archived, activity, seconds_left, config "
    "FROM runs LEFT JOIN studies ON studies.id = study_id ";

RunRow readRunColumns(const Statement& row) {
    RunRow run;
    run.id = row.integer(0);
    run.uuid = row.text(1);
    run.name = row.text(2);
    run.study = row.text(3);
    run.recipe = row.text(4);
    run.state = row.text(5);
    run.backend = row.text(6);
    run.host = row.text(7);
    run.directory = row.text(8);
    run.error = row.text(9);
    run.notes = row.text(10);
    run.created = row.real(11);
    run.started = row.optionalReal(12);
    run.ended = row.optionalReal(13);
    run.step = row.integer(14);
    run.totalSteps = row.integer(15);
    run.attempts = std::int32_t(row.integer(16));
    run.archived = row.integer(17) != 0;
    run.activity = row.text(18);
    run.secondsLeft = row.optionalReal(19);
    run.config = row.text(20);
    return run;
}

// Tags, latest values and alarms of many runs in one query each, instead of three a run.
void readParts(Database& database, std::vector<RunRow>& runs) {
    std::unordered_map<RowId, RunRow*> byId;
    for (RunRow& run : runs) byId[run.id] = &run;
    const std::string only = runs.size() == 1 ? " AND run_id = " + std::to_string(runs[0].id) : "";
    const auto each = [&](const std::string& sql, auto use) {
        Statement rows(database, sql);
        while (rows.step())
            if (const auto run = byId.find(rows.integer(0)); run != byId.end()) use(*run->second, rows);
    };
    each("SELECT run_id, tag FROM run_tags WHERE true" + only + " ORDER BY tag",
         [](RunRow& run, Statement& row) { run.tags.push_back(row.text(1)); });
    each("SELECT run_id, name, last_value FROM series WHERE points > superseded" + only,
         [](RunRow& run, Statement& row) { run.latest[row.text(1)] = row.real(2); });
    each("SELECT run_id, count(*) FROM alarms WHERE superseded = 0 AND severity IN ('warning', 'error')" +
             only + " GROUP BY run_id",
         [](RunRow& run, Statement& row) { run.alarms = row.integer(1); });
}

RowId firstId(Statement& row) {
    const RowId id = row.step() ? row.integer(0) : 0;
    row.reset();
    return id;
}

}  // namespace

std::vector<RunRow> readRuns(Database& database, bool withArchived) {
    std::vector<RunRow> runs;
    Statement rows(database, std::string(runColumns) + (withArchived ? "" : "WHERE archived = 0 ") +
                                 "ORDER BY created DESC, runs.id DESC");
    while (rows.step()) runs.push_back(readRunColumns(rows));
    readParts(database, runs);
    return runs;
}

std::optional<RunRow> readRun(Database& database, RowId id) {
    std::vector<RunRow> runs;
    Statement row(database, std::string(runColumns) + "WHERE runs.id = ?1");
    if (!row.with(id).step()) return std::nullopt;
    runs.push_back(readRunColumns(row));
    row.reset();
    readParts(database, runs);
    return std::move(runs[0]);
}

RowId findRunId(Database& database, const std::string& nameOrId) {
    if (const RowId id = firstId(database.prepared("SELECT id FROM runs WHERE uuid = ?1").with(nameOrId)))
        return id;
    if (const RowId id =
            firstId(database.prepared("SELECT id FROM runs WHERE name = ?1 ORDER BY created DESC, id DESC")
                        .with(nameOrId)))
        return id;
    if (nameOrId.size() < 4) return 0;
    Statement& rows =
        database.prepared("SELECT id, name FROM runs WHERE substr(uuid, 1, length(?1)) = ?1 LIMIT 2");
    rows.with(nameOrId);
    const RowId id = rows.step() ? rows.integer(0) : 0;
    const bool ambiguous = id != 0 && rows.step();
    rows.reset();
    if (ambiguous) throw Error("several runs begin with it", nameOrId, "give more of the id");
    return id;
}

std::vector<CheckpointRow> readCheckpoints(Database& database, RowId run) {
    Statement& rows = database.prepared(
        "SELECT checkpoints.id, checkpoints.step, path, t, directory FROM checkpoints JOIN runs ON runs.id = "
        "run_id "
        "WHERE run_id = ?1 AND superseded = 0 ORDER BY checkpoints.step, checkpoints.id");
    std::vector<CheckpointRow> checkpoints;
    for (rows.with(run); rows.step();) {
        const fs::path path = fs::path(rows.text(4)) / rows.text(2);
        std::error_code code;
        checkpoints.push_back(
            {rows.integer(0), run, rows.integer(1), path.string(), rows.real(3), fs::exists(path, code)});
    }
    rows.reset();
    return checkpoints;
}

std::vector<EvaluationRow> readEvaluations(Database& database, RowId run) {
    std::vector<EvaluationRow> evaluations;
    Statement& rows = database.prepared(
        "SELECT id, step, t, evaluations.name, set_hash, metrics.name, value FROM evaluations "
        "LEFT JOIN evaluation_metrics AS metrics ON evaluation_id = id "
        "WHERE run_id = ?1 AND superseded = 0 ORDER BY step, id");
    for (rows.with(run); rows.step();) {
        if (evaluations.empty() || evaluations.back().id != rows.integer(0))
            evaluations.push_back(
                {rows.integer(0), run, rows.integer(1), rows.real(2), rows.text(3), rows.text(4), {}});
        if (!rows.isNull(5)) evaluations.back().metrics[rows.text(5)] = rows.real(6);
    }
    rows.reset();
    return evaluations;
}

std::vector<EvaluationItem> readEvaluationItems(Database& database, RowId evaluation) {
    Statement& rows = database.prepared(
        "SELECT problem, samples, correct, mean_tokens FROM evaluation_items WHERE evaluation_id = ?1 ORDER "
        "BY idx");
    std::vector<EvaluationItem> items;
    for (rows.with(evaluation); rows.step();)
        items.push_back(
            {rows.text(0), std::int32_t(rows.integer(1)), std::int32_t(rows.integer(2)), rows.real(3)});
    rows.reset();
    return items;
}

std::vector<AlarmRow> readAlarms(Database& database, RowId run) {
    Statement& rows = database.prepared(
        "SELECT id, step, t, rule, severity, text FROM alarms WHERE run_id = ?1 AND superseded = 0 ORDER BY "
        "id");
    std::vector<AlarmRow> alarms;
    for (rows.with(run); rows.step();)
        alarms.push_back(
            {rows.integer(0), run, rows.integer(1), rows.real(2), rows.text(3), rows.text(4), rows.text(5)});
    rows.reset();
    return alarms;
}

std::vector<MessageEvent> readMessages(Database& database, RowId run, int last) {
    Statement& rows = database.prepared(
        "SELECT level, text FROM (SELECT id, level, text FROM messages WHERE run_id = ?1 ORDER BY id DESC "
        "LIMIT ?2) "
        "ORDER BY id");
    std::vector<MessageEvent> messages;
    for (rows.with(run, last); rows.step();) messages.push_back({rows.text(0), rows.text(1)});
    rows.reset();
    return messages;
}

}  // namespace retort
