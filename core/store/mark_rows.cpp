#include "core/store/mark_rows.h"

#include "core/store/dispute_rows.h"
#include "core/store/event_ingest.h"
#include "core/util/error.h"

namespace retort {
namespace {

// A log may have the same key again (an imported file with ids that are not unique): then the order counts.
RowId findTrace(Database& database, RowId mark) {
    Statement& row = database.prepared(
        "SELECT traces.id, marks.occurrence FROM marks JOIN traces ON traces.run_id = marks.run_id AND "
        "traces.group_number = marks.group_number AND traces.step = marks.step AND "
        "traces.phase = marks.phase AND traces.task = marks.task AND traces.sample = marks.sample AND "
        "traces.attempt = marks.attempt WHERE marks.id = ?1 ORDER BY traces.id");
    RowId found = 0;
    row.with(mark);
    for (std::int64_t at = 0; found == 0 && row.step(); ++at)
        if (at == row.integer(1)) found = row.integer(0);
    row.reset();
    return found;
}

RowId numberOf(Statement& row) {
    const RowId number = row.step() ? row.integer(0) : 0;
    row.reset();
    return number;
}

}  // namespace

RowId findMark(Database& database, RowId trace) {
    return numberOf(database.prepared("SELECT id FROM marks WHERE trace_id = ?1").with(trace));
}

RowId traceOfMark(Database& database, RowId mark) {
    return numberOf(database.prepared("SELECT coalesce(trace_id, 0) FROM marks WHERE id = ?1").with(mark));
}

RowId markOf(Database& database, RowId trace) {
    if (const RowId mark = findMark(database, trace); mark != 0) return mark;
    database
        .prepared(
            "INSERT INTO marks (trace_id, run_id, attempt, step, phase, task, group_number, sample, "
            "occurrence) "
            "SELECT id, run_id, attempt, step, phase, task, group_number, sample, "
            "(SELECT count(*) FROM traces AS other WHERE other.run_id = one.run_id AND "
            "other.group_number = one.group_number AND other.step = one.step AND "
            "other.phase = one.phase AND other.task = one.task AND other.sample = one.sample AND "
            "other.attempt = one.attempt AND other.id < one.id) FROM traces AS one WHERE id = ?1 "
            "ON CONFLICT (run_id, attempt, step, phase, task, group_number, sample, occurrence) "
            "DO UPDATE SET trace_id = excluded.trace_id")
        .run(trace);
    const RowId mark = findMark(database, trace);
    if (mark == 0) throw Error("there is no trace " + std::to_string(trace), database.file().string());
    return mark;
}

std::int64_t completionBytes(Database& database, RowId trace) {
    Statement& row =
        database.prepared("SELECT length(CAST(completion AS BLOB)) FROM trace_texts WHERE trace_id = ?1");
    const bool found = row.with(trace).step();
    const std::int64_t bytes = found ? row.integer(0) : 0;
    row.reset();
    if (!found) throw Error("there is no trace " + std::to_string(trace), database.file().string());
    return bytes;
}

void noteJudged(Database& database, RowId mark, StoreChange& change) {
    database
        .prepared(
            "UPDATE marks SET changed = (SELECT coalesce(max(changed), 0) + 1 FROM marks) WHERE id = ?1")
        .run(mark);
    const RowId trace = traceOfMark(database, mark);
    if (trace == 0) return;
    refreshDispute(database, trace);
    noteRow(change.judgedTraces, trace);
}

std::int64_t lastJudged(Database& database) {
    return numberOf(database.prepared("SELECT coalesce(max(changed), 0) FROM marks").with());
}

std::vector<RowId> judgedSince(Database& database, std::int64_t change) {
    Statement& rows =
        database.prepared("SELECT trace_id FROM marks WHERE changed > ?1 AND trace_id IS NOT NULL");
    std::vector<RowId> traces;
    for (rows.with(change); rows.step();) traces.push_back(rows.integer(0));
    rows.reset();
    return traces;
}

void remapMarks(Database& database, RowId run, StoreChange& change) {
    std::vector<RowId> lost;
    Statement& rows = database.prepared("SELECT id FROM marks WHERE run_id = ?1 AND trace_id IS NULL");
    for (rows.with(run); rows.step();) lost.push_back(rows.integer(0));
    rows.reset();
    for (const RowId mark : lost) {
        const RowId trace = findTrace(database, mark);
        if (trace == 0) continue;
        database.prepared("UPDATE marks SET trace_id = ?2 WHERE id = ?1").run(mark, trace);
        noteJudged(database, mark, change);
        change.queuesChanged = true;
    }
}

}  // namespace retort
