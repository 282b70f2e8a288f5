#include "core/store/queue_rows.h"

#include "core/store/mark_rows.h"
#include "core/util/clock.h"
#include "core/util/error.h"

namespace retort {
namespace {

void requireQueue(Database& database, RowId queue) {
    Statement& row = database.prepared("SELECT 1 FROM annotation_queues WHERE id = ?1");
    const bool found = row.with(queue).step();
    row.reset();
    if (!found)
        throw Error("there is no annotation queue " + std::to_string(queue), database.file().string());
}

void checkSettings(Database& database, const QueueSettings& settings, RowId queue) {
    if (settings.name.empty()) throw Error("an annotation queue needs a name");
    if (settings.annotators < 1)
        throw Error("an annotation queue needs at least one annotator an item", settings.name);
    Statement& row = database.prepared("SELECT 1 FROM annotation_queues WHERE name = ?1 AND id <> ?2");
    const bool taken = row.with(settings.name, queue).step();
    row.reset();
    if (taken) throw Error("there is an annotation queue of this name", settings.name, "choose another name");
}

void noteChange(Database& database, RowId queue) {
    database
        .prepared(
            "UPDATE annotation_queues SET changed = (SELECT max(changed) + 1 FROM annotation_queues) "
            "WHERE id = ?1")
        .run(queue);
}

void insertItems(Database& database, RowId queue, const std::vector<RowId>& traces) {
    Statement& last = database.prepared("SELECT coalesce(max(idx), -1) FROM queue_items WHERE queue_id = ?1");
    last.with(queue).step();
    std::int64_t idx = last.integer(0) + 1;
    last.reset();
    for (const RowId trace : traces) {
        const RowId mark = markOf(database, trace);
        Statement& known =
            database.prepared("SELECT 1 FROM queue_items WHERE queue_id = ?1 AND mark_id = ?2");
        const bool isThere = known.with(queue, mark).step();
        known.reset();
        if (!isThere)
            database.prepared("INSERT INTO queue_items VALUES (?1, ?2, ?3, NULL)").run(queue, idx++, mark);
    }
}

}  // namespace

RowId insertQueue(Database& database, const QueueSettings& settings, QueuePreset preset,
                  const std::vector<RowId>& traces) {
    checkSettings(database, settings, 0);
    database
        .prepared(
            "INSERT INTO annotation_queues (name, preset, guidelines, blind, show_gold_after, annotators, "
            "created, changed) "
            "SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7, coalesce(max(changed), 0) + 1 FROM annotation_queues")
        .run(settings.name, name(preset), settings.guidelines, settings.blind, settings.showGoldAfter,
             settings.annotators, unixTime());
    const RowId queue = database.lastInsertId();
    insertItems(database, queue, traces);
    return queue;
}

void updateQueue(Database& database, RowId queue, const QueueSettings& settings) {
    requireQueue(database, queue);
    checkSettings(database, settings, queue);
    database
        .prepared(
            "UPDATE annotation_queues SET name = ?2, guidelines = ?3, blind = ?4, show_gold_after = ?5, "
            "annotators = ?6 WHERE id = ?1")
        .run(queue, settings.name, settings.guidelines, settings.blind, settings.showGoldAfter,
             settings.annotators);
    noteChange(database, queue);
}

void deleteQueue(Database& database, RowId queue) {
    requireQueue(database, queue);
    database.prepared("DELETE FROM annotation_queues WHERE id = ?1").run(queue);
}

void appendToQueue(Database& database, RowId queue, const std::vector<RowId>& traces) {
    requireQueue(database, queue);
    insertItems(database, queue, traces);
    noteChange(database, queue);
}

void setControl(Database& database, RowId queue, RowId trace, const std::optional<QualityControl>& control) {
    requireQueue(database, queue);
    const RowId mark = findMark(database, trace);
    Statement& known = database.prepared("SELECT 1 FROM queue_items WHERE queue_id = ?1 AND mark_id = ?2");
    const bool isThere = known.with(queue, mark).step();
    known.reset();
    if (!isThere) throw Error("trace " + std::to_string(trace) + " is not in this queue");
    if (control && (control->firstError < -1 || control->firstError > completionBytes(database, trace)))
        throw Error("the first error of a quality-control item is a byte of its completion, or -1",
                    std::to_string(control->firstError));
    database.prepared("UPDATE queue_items SET first_error = ?3 WHERE queue_id = ?1 AND mark_id = ?2")
        .run(queue, mark, control ? std::optional(control->firstError) : std::nullopt);
    noteChange(database, queue);
}

std::int64_t queuesVersion(Database& database) {
    Statement& row = database.prepared(
        "SELECT coalesce(max(changed), 0) + 1000003 * coalesce(sum(id), 0) FROM annotation_queues");
    row.with().step();
    const std::int64_t version = row.integer(0);
    row.reset();
    return version;
}

}  // namespace retort
