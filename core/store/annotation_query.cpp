#include "core/store/annotation_query.h"

#include <algorithm>
#include <set>

#include "core/annotations/annotation_check.h"
#include "core/store/mark_rows.h"

namespace retort {
namespace {

#define RETORT_EVENT_SELECT                                                                               \
    "SELECT annotation_events.id, coalesce(trace_id, 0), mark_id, annotators.name, t, kind, begin_byte, " \
    "end_byte, old_value, new_value, reason, seconds, coalesce(undoes, 0), coalesce(queue_id, 0) "        \
    "FROM annotation_events JOIN marks ON marks.id = mark_id JOIN annotators ON annotators.id = "         \
    "annotator_id "

Json valueAt(const Statement& row, int column) {
    if (row.isNull(column)) return nullptr;
    Json value = Json::parse(row.text(column), nullptr, false);
    return value.is_discarded() ? Json() : value;
}

AnnotationEvent eventAt(const Statement& row) {
    AnnotationEvent event;
    event.id = row.integer(0);
    event.trace = row.integer(1);
    event.mark = row.integer(2);
    event.annotator = row.text(3);
    event.t = row.real(4);
    event.target = {annotationKindNamed(row.text(5)).value_or(AnnotationKind::Note), row.integer(6),
                    row.integer(7)};
    event.oldValue = valueAt(row, 8);
    event.newValue = valueAt(row, 9);
    event.reason = row.text(10);
    event.seconds = row.real(11);
    event.undoes = row.integer(12);
    event.queue = row.integer(13);
    return event;
}

std::vector<AnnotationEvent> eventsIn(Statement& rows) {
    std::vector<AnnotationEvent> events;
    while (rows.step()) events.push_back(eventAt(rows));
    rows.reset();
    return events;
}

RowId numberOf(Statement& row) {
    const RowId number = row.step() ? row.integer(0) : 0;
    row.reset();
    return number;
}

bool isThrough(const std::string& outcome) {
    return outcome == "submitted" || outcome == "bad_problem" || outcome == "give_up";
}

/// Of those who are through with it.
std::vector<Annotation> finishedAnnotations(Database& database, RowId mark, std::size_t& annotators) {
    const std::vector<Annotation> all = annotationsOfMark(database, mark, {});
    std::set<std::string> through;
    for (const Annotation& each : all)
        if (each.target.kind == AnnotationKind::Outcome && isThrough(each.value.value("outcome", "")))
            through.insert(each.annotator);
    annotators = through.size();
    std::vector<Annotation> finished;
    std::copy_if(all.begin(), all.end(), std::back_inserter(finished),
                 [&](const Annotation& each) { return through.contains(each.annotator); });
    return finished;
}

}  // namespace

std::vector<std::string> readAnnotators(Database& database) {
    Statement& rows = database.prepared("SELECT name FROM annotators ORDER BY name");
    std::vector<std::string> names;
    for (rows.with(); rows.step();) names.push_back(rows.text(0));
    rows.reset();
    return names;
}

RowId findAnnotator(Database& database, const std::string& name) {
    return numberOf(database.prepared("SELECT id FROM annotators WHERE name = ?1").with(name));
}

std::vector<AnnotationEvent> eventsOfMark(Database& database, RowId mark) {
    return eventsIn(
        database.prepared(RETORT_EVENT_SELECT "WHERE mark_id = ?1 ORDER BY annotation_events.id").with(mark));
}

std::vector<AnnotationEvent> eventsOfTrace(Database& database, RowId trace) {
    const RowId mark = findMark(database, trace);
    return mark == 0 ? std::vector<AnnotationEvent>{} : eventsOfMark(database, mark);
}

std::vector<Annotation> annotationsOfMark(Database& database, RowId mark, const std::string& annotator) {
    if (annotator.empty()) return currentAnnotations(eventsOfMark(database, mark));
    return currentAnnotations(eventsIn(
        database
            .prepared(RETORT_EVENT_SELECT
                      "WHERE mark_id = ?1 AND annotator_id = (SELECT id FROM annotators WHERE name = ?2) "
                      "ORDER BY annotation_events.id")
            .with(mark, annotator)));
}

std::optional<AnnotationEvent> readEvent(Database& database, RowId event) {
    const auto found =
        eventsIn(database.prepared(RETORT_EVENT_SELECT "WHERE annotation_events.id = ?1").with(event));
    return found.empty() ? std::nullopt : std::optional(found.front());
}

// A plain event holds unless an undo of it holds; an undo holds unless a redo took it back. A redo is taken
// back by another undo of the plain event.
RowId lastUndoableEvent(Database& database, RowId annotator) {
    return numberOf(
        database
            .prepared("SELECT id FROM annotation_events AS said WHERE annotator_id = ?1 AND "
                      "(undoes IS NULL) = 1 AND NOT EXISTS (SELECT 1 FROM annotation_events AS undo "
                      "WHERE undo.undoes = said.id AND NOT EXISTS (SELECT 1 FROM annotation_events AS redo "
                      "WHERE redo.undoes = undo.id)) ORDER BY id DESC LIMIT 1")
            .with(annotator));
}

RowId lastUndoneEvent(Database& database, RowId annotator) {
    return numberOf(
        database
            .prepared("SELECT undo.id FROM annotation_events AS undo JOIN annotation_events AS said "
                      "ON said.id = undo.undoes AND said.undoes IS NULL "
                      "WHERE undo.annotator_id = ?1 AND (undo.undoes IS NULL) = 0 "
                      "AND undo.id > (SELECT coalesce(max(id), 0) FROM annotation_events "
                      "WHERE annotator_id = ?1 AND (undoes IS NULL) = 1) "
                      "AND NOT EXISTS (SELECT 1 FROM annotation_events AS redo WHERE redo.undoes = undo.id) "
                      "ORDER BY undo.id DESC LIMIT 1")
            .with(annotator));
}

std::vector<StoreReader::AnnotatedTrace> readAnnotatedTraces(Database& database, RowId queue) {
    // Those with an outcome of two people or more; whether it is one that holds, the fold tells.
    Statement rows(database,
                   "SELECT mark_id, coalesce(trace_id, 0) FROM annotation_events JOIN marks ON marks.id = "
                   "mark_id WHERE kind = 'outcome' AND (?1 = 0 OR mark_id IN (SELECT mark_id FROM "
                   "queue_items WHERE queue_id = ?1)) GROUP BY mark_id HAVING count(DISTINCT annotator_id) "
                   "> 1 ORDER BY mark_id");
    std::vector<StoreReader::AnnotatedTrace> traces;
    for (rows.with(queue); rows.step();) {
        std::size_t annotators = 0;
        std::vector<Annotation> finished = finishedAnnotations(database, rows.integer(0), annotators);
        if (annotators > 1) traces.push_back({rows.integer(1), std::move(finished)});
    }
    return traces;
}

}  // namespace retort
