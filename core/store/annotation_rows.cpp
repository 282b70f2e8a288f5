#include "core/store/annotation_rows.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/annotations/annotation_check.h"
#include "core/store/annotation_query.h"
#include "core/store/lane_rows.h"
#include "core/store/mark_rows.h"
#include "core/util/clock.h"
#include "core/util/error.h"

namespace retort {
namespace {

constexpr std::size_t mostName = 200;  // bytes

RowId annotatorRow(Database& database, const std::string& name) {
    if (const RowId known = findAnnotator(database, name); known != 0) return known;
    if (name.empty() || name.size() > mostName)
        throw Error("an annotator needs a name of at most " + std::to_string(mostName) + " bytes");
    database.prepared("INSERT INTO annotators (name) VALUES (?1)").run(name);
    return database.lastInsertId();
}

void requireQueue(Database& database, RowId queue) {
    if (queue == 0) return;
    Statement& row = database.prepared("SELECT 1 FROM annotation_queues WHERE id = ?1");
    const bool found = row.with(queue).step();
    row.reset();
    if (!found) throw Error("there is no annotation queue " + std::to_string(queue));
}

std::optional<std::string> textOf(const Json& value) {
    if (value.is_null()) return std::nullopt;
    return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::optional<std::string> currentText(Database& database, RowId mark, RowId annotator,
                                       const AnnotationTarget& target) {
    Statement& row = database.prepared(
        "SELECT new_value FROM annotation_events WHERE mark_id = ?1 AND annotator_id = ?2 AND kind = ?3 AND "
        "begin_byte = ?4 AND end_byte = ?5 ORDER BY id DESC LIMIT 1");
    std::optional<std::string> text;
    if (row.with(mark, annotator, name(target.kind), target.begin, target.end).step() && !row.isNull(0))
        text = row.text(0);
    row.reset();
    return text;
}

struct EventRow {
    RowId mark = 0, annotator = 0;
    double t = 0;
    AnnotationTarget target;
    std::optional<std::string> newText;
    std::string reason;
    double seconds = 0;
    RowId undoes = 0, queue = 0;
};

/// Its id; 0 when that holds already. `action` is the first event of the action, 0 before there is one.
RowId insertEvent(Database& database, const EventRow& row, RowId& action) {
    const auto oldText = currentText(database, row.mark, row.annotator, row.target);
    if (oldText == row.newText && row.undoes == 0) return 0;
    const auto orNull = [](RowId id) { return id == 0 ? std::optional<RowId>() : id; };
    database
        .prepared(
            "INSERT INTO annotation_events (mark_id, annotator_id, t, kind, begin_byte, end_byte, old_value, "
            "new_value, reason, seconds, undoes, queue_id, action) "
            "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)")
        .run(row.mark, row.annotator, row.t, name(row.target.kind), row.target.begin, row.target.end, oldText,
             row.newText, row.reason, row.seconds, orNull(row.undoes), orNull(row.queue), action);
    const RowId id = database.lastInsertId();
    if (action == 0) {
        action = id;
        database.prepared("UPDATE annotation_events SET action = id WHERE id = ?1").run(id);
    }
    return id;
}

// A preference or ranking names other traces.
void requireMarks(Database& database, RowId mark, const NewAnnotation& annotation, const Json& value) {
    std::vector<RowId> named;
    if (annotation.target.kind == AnnotationKind::Preference && !value.is_null())
        named.push_back(value["other"].get<RowId>());
    if (annotation.target.kind == AnnotationKind::Ranking && !value.is_null())
        for (const Json& rank : value)
            for (const Json& each : rank) named.push_back(each.get<RowId>());
    if (annotation.target.kind == AnnotationKind::Preference && !named.empty() && named[0] == mark)
        throw Error("a trace cannot be preferred to itself");
    for (const RowId each : named) {
        Statement& row = database.prepared("SELECT 1 FROM marks WHERE id = ?1");
        const bool found = row.with(each).step();
        row.reset();
        if (!found) throw Error("there is no mark " + std::to_string(each));
    }
}

std::vector<AnnotationEvent> eventsOfAction(Database& database, RowId event) {
    Statement& rows = database.prepared(
        "SELECT id FROM annotation_events WHERE annotator_id = (SELECT annotator_id FROM annotation_events "
        "WHERE id = ?1) AND id >= (SELECT action FROM annotation_events WHERE id = ?1) AND id <= ?1 AND "
        "action = (SELECT action FROM annotation_events WHERE id = ?1) ORDER BY id DESC");
    std::vector<RowId> ids;
    for (rows.with(event); rows.step();) ids.push_back(rows.integer(0));
    rows.reset();
    std::vector<AnnotationEvent> events;
    for (const RowId id : ids) events.push_back(*readEvent(database, id));
    return events;
}

std::string reasonOf(const std::vector<Annotation>& annotations, const AnnotationTarget& step) {
    std::string text;
    for (const Annotation& each : annotations)
        if (each.target.kind == AnnotationKind::ErrorTypes && each.target.begin == step.begin &&
            each.target.end == step.end)
            for (const Json& type : each.value) text += (text.empty() ? "" : ", ") + type.get<std::string>();
    return text;
}

std::vector<StepJudgement> ratingsOf(const std::vector<Annotation>& annotations) {
    std::vector<StepJudgement> steps;
    for (const Annotation& each : annotations) {
        if (each.target.kind != AnnotationKind::StepRating) continue;
        StepJudgement step;
        step.begin = each.target.begin;
        step.end = each.target.end;
        step.rating = each.value.get<std::int32_t>();
        step.text = reasonOf(annotations, each.target);
        steps.push_back(std::move(step));
    }
    return steps;
}

void projectRatings(Database& database, RowId mark) {
    for (const StepLane& lane : readRatings(database, mark)) replaceLane(database, mark, lane);
}

// Undoing and redoing are the same: the values before the action are written again, the last one first.
std::optional<AnnotationEvent> takeBack(Database& database, RowId annotator, RowId event,
                                        StoreChange& change) {
    if (event == 0) return std::nullopt;
    const double now = unixTime();
    RowId action = 0, last = 0;
    std::set<RowId> marks;
    for (const AnnotationEvent& each : eventsOfAction(database, event)) {
        EventRow row{each.mark, annotator, now,     each.target, textOf(each.oldValue),
                     {},        0,         each.id, each.queue};
        last = insertEvent(database, row, action);
        marks.insert(each.mark);
    }
    for (const RowId mark : marks) {
        projectRatings(database, mark);
        noteJudged(database, mark, change);
    }
    change.queuesChanged = true;
    return readEvent(database, last);
}

}  // namespace

std::vector<StepLane> readRatings(Database& database, RowId mark) {
    std::map<std::string, std::vector<Annotation>> byAnnotator;
    const std::vector<AnnotationEvent> events = eventsOfMark(database, mark);
    for (const AnnotationEvent& event : events) byAnnotator[event.annotator];
    for (Annotation& each : currentAnnotations(events))
        byAnnotator[each.annotator].push_back(std::move(each));
    std::vector<StepLane> lanes;
    for (const auto& [annotator, annotations] : byAnnotator)
        lanes.push_back({LaneKind::Human, annotator, ratingsOf(annotations)});
    return lanes;
}

std::vector<RowId> annotateTrace(Database& database, RowId trace, const std::string& annotator,
                                 const std::vector<NewAnnotation>& annotations, RowId queue,
                                 StoreChange& change) {
    const std::int64_t bytes = completionBytes(database, trace);
    const RowId mark = markOf(database, trace);
    const RowId who = annotatorRow(database, annotator);
    requireQueue(database, queue);
    const double now = unixTime();
    RowId action = 0;
    std::vector<RowId> events;
    double seconds = 0;
    for (const NewAnnotation& each : annotations) {
        const Json value = canonicalValue(each);
        checkWithin(each, bytes);
        requireMarks(database, mark, each, value);
        seconds += each.seconds;
        const RowId id = insertEvent(
            database, {mark, who, now, each.target, textOf(value), each.reason, seconds, 0, queue}, action);
        if (id == 0) continue;
        events.push_back(id);
        seconds = 0;
    }
    if (events.empty()) return events;
    projectRatings(database, mark);
    noteJudged(database, mark, change);
    change.queuesChanged = true;
    return events;
}

std::optional<AnnotationEvent> undoLast(Database& database, const std::string& annotator,
                                        StoreChange& change) {
    const RowId who = findAnnotator(database, annotator);
    return takeBack(database, who, lastUndoableEvent(database, who), change);
}

std::optional<AnnotationEvent> redoLast(Database& database, const std::string& annotator,
                                        StoreChange& change) {
    const RowId who = findAnnotator(database, annotator);
    return takeBack(database, who, lastUndoneEvent(database, who), change);
}

}  // namespace retort
