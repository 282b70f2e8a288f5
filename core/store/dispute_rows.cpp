#include "core/store/dispute_rows.h"

namespace retort {

// A judge that judged anew here does not disagree with what it said in the log.
std::int64_t disputedSteps(Database& database, RowId trace) {
    Statement& row = database.prepared(
        "SELECT count(*) FROM (SELECT 1 FROM ("
        "SELECT begin_byte, end_byte, iif(verdict = 'wrong', -1, 1) AS verdict FROM trace_steps "
        "WHERE trace_id = ?1 AND verdict <> 'unchecked' "
        "UNION ALL SELECT begin_byte, end_byte, verdict FROM trace_judgements AS logged WHERE trace_id = ?1 "
        "AND NOT EXISTS (SELECT 1 FROM judgements JOIN marks ON marks.id = mark_id "
        "WHERE marks.trace_id = ?1 AND judgements.lane_id = logged.lane_id) "
        "UNION ALL SELECT begin_byte, end_byte, verdict FROM judgements JOIN marks ON id = mark_id "
        "WHERE trace_id = ?1) "
        "GROUP BY begin_byte, end_byte HAVING min(verdict) = -1 AND max(verdict) = 1)");
    const std::int64_t steps = row.with(trace).step() ? row.integer(0) : 0;
    row.reset();
    return steps;
}

void refreshDispute(Database& database, RowId trace) {
    const std::int64_t steps = disputedSteps(database, trace);
    if (steps == 0)
        database.prepared("DELETE FROM disputed_traces WHERE trace_id = ?1").run(trace);
    else
        database.prepared("INSERT OR REPLACE INTO disputed_traces VALUES (?1, ?2)").run(trace, steps);
}

}  // namespace retort
