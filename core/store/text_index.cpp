#include "core/store/text_index.h"

#include <cstdint>

namespace retort {
namespace {

/// The last of the traces that the next batch takes; 0: none.
std::int64_t endOfBatch(Database& database, std::size_t bytes) {
    Statement& rows = database.prepared(
        "SELECT trace_id, length(CAST(prompt AS BLOB)) + length(CAST(completion AS BLOB)) FROM trace_texts "
        "WHERE trace_id > (SELECT through FROM text_index) ORDER BY trace_id");
    std::int64_t last = 0;
    std::size_t taken = 0;
    for (rows.with(); taken < bytes && rows.step();) {
        last = rows.integer(0);
        taken += std::size_t(rows.integer(1));
    }
    rows.reset();
    return last;
}

}  // namespace

bool isTextIndexComplete(Database& database) {
    Statement& row = database.prepared(
        "SELECT coalesce((SELECT max(trace_id) FROM trace_texts), 0) <= (SELECT through FROM text_index)");
    row.with().step();
    const bool complete = row.integer(0) != 0;
    row.reset();
    return complete;
}

bool indexTexts(Database& database, std::size_t bytes) {
    if (isTextIndexComplete(database)) return false;  // asked often, and without a lock
    Transaction transaction(database);
    if (const std::int64_t last = endOfBatch(database, bytes); last != 0) {
        database
            .prepared(
                "INSERT INTO trace_search (rowid, prompt, completion) SELECT trace_id, prompt, completion "
                "FROM "
                "trace_texts WHERE trace_id > (SELECT through FROM text_index) AND trace_id <= ?1")
            .run(last);
        database.prepared("UPDATE text_index SET through = ?1").run(last);
    }
    transaction.commit();
    return true;
}

}  // namespace retort
