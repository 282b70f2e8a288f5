// How far everybody is in the queues: the state of an item follows from what holds of its trace, wherever it
// was said.
#include <algorithm>
#include <map>

#include "core/annotations/annotation_check.h"
#include "core/store/annotation_query.h"
#include "core/store/queue_rows.h"

namespace retort {
namespace {

ItemState stateOf(const std::vector<Annotation>& annotations) {
    const std::string outcome = outcomeOf(annotations);
    if (outcome == "skipped") return ItemState::Skipped;
    if (!outcome.empty()) return ItemState::Done;
    return annotations.empty() ? ItemState::Pending : ItemState::Draft;
}

// What holds of the items of a queue: the last event of each target. Only what states and quality control
// need; the rest is a value that is there.
struct Said {
    RowId mark = 0;
    std::string annotator;
    std::vector<Annotation> annotations;
};

Json valueOf(AnnotationKind kind, const Statement& row, int column) {
    if (kind != AnnotationKind::Outcome && kind != AnnotationKind::FirstError &&
        kind != AnnotationKind::StepRating)
        return true;
    Json value = Json::parse(row.text(column), nullptr, false);
    return value.is_discarded() ? Json() : value;
}

// `annotator` 0: of everybody.
std::vector<Said> saidInQueue(Database& database, RowId queue, RowId annotator) {
    // max(id) makes the other columns those of the last row of each group.
    Statement& rows = database.prepared(
        "SELECT mark_id, annotators.name, kind, begin_byte, end_byte, new_value, max(annotation_events.id) "
        "FROM queue_items JOIN annotation_events USING (mark_id) JOIN annotators ON annotators.id = "
        "annotator_id WHERE queue_items.queue_id = ?1 AND (?2 = 0 OR annotator_id = ?2) "
        "GROUP BY mark_id, annotator_id, kind, begin_byte, end_byte");
    std::vector<Said> said;
    for (rows.with(queue, annotator); rows.step();) {
        const RowId mark = rows.integer(0);
        const std::string who = rows.text(1);
        if (said.empty() || said.back().mark != mark || said.back().annotator != who)
            said.push_back({mark, who, {}});
        const auto kind = annotationKindNamed(rows.text(2));
        if (!kind || rows.isNull(5)) continue;
        said.back().annotations.push_back(
            {who, {*kind, rows.integer(3), rows.integer(4)}, valueOf(*kind, rows, 5), 0});
    }
    rows.reset();
    return said;
}

std::map<RowId, std::int64_t> controlsOf(Database& database, RowId queue) {
    Statement& rows = database.prepared(
        "SELECT mark_id, first_error FROM queue_items WHERE queue_id = ?1 AND first_error IS NOT NULL");
    std::map<RowId, std::int64_t> controls;
    for (rows.with(queue); rows.step();) controls[rows.integer(0)] = rows.integer(1);
    rows.reset();
    return controls;
}

void addSeconds(Database& database, RowId queue, std::map<std::string, QueueRow::Progress>& people) {
    Statement& rows = database.prepared(
        "SELECT name, sum(seconds) FROM annotation_events JOIN annotators ON annotators.id = annotator_id "
        "WHERE queue_id = ?1 GROUP BY annotator_id");
    for (rows.with(queue); rows.step();) people[rows.text(0)].seconds = rows.real(1);
    rows.reset();
}

std::vector<QueueRow::Progress> progressOf(Database& database, RowId queue) {
    const auto controls = controlsOf(database, queue);
    std::map<std::string, QueueRow::Progress> people;
    for (const Said& each : saidInQueue(database, queue, 0)) {
        QueueRow::Progress& person = people[each.annotator];
        switch (stateOf(each.annotations)) {
            case ItemState::Pending:
                break;
            case ItemState::Draft:
                ++person.drafts;
                break;
            case ItemState::Skipped:
                ++person.skipped;
                break;
            case ItemState::Done:
                ++person.done;
                break;
        }
        const auto control = controls.find(each.mark);
        if (control == controls.end() || outcomeOf(each.annotations) != "submitted") continue;
        ++person.controls;
        person.hits += firstErrorOf(each.annotations) == control->second;
    }
    addSeconds(database, queue, people);
    std::vector<QueueRow::Progress> progress;
    for (auto& [name, person] : people) {
        person.annotator = name;
        progress.push_back(std::move(person));
    }
    return progress;
}

}  // namespace

std::vector<QueueRow> readQueues(Database& database) {
    Statement rows(database,
                   "SELECT id, name, guidelines, blind, show_gold_after, annotators, preset, created, "
                   "(SELECT count(*) FROM queue_items WHERE queue_id = id) FROM annotation_queues "
                   "ORDER BY name");
    std::vector<QueueRow> queues;
    while (rows.step()) {
        QueueRow queue;
        queue.id = rows.integer(0);
        queue.settings = {rows.text(1), rows.text(2), rows.integer(3) != 0, rows.integer(4) != 0,
                          std::int32_t(rows.integer(5))};
        queue.preset = queuePresetNamed(rows.text(6)).value_or(QueuePreset::Listed);
        queue.created = rows.real(7);
        queue.items = rows.integer(8);
        queue.progress = progressOf(database, queue.id);
        queues.push_back(std::move(queue));
    }
    return queues;
}

std::vector<QueueItem> readQueueItems(Database& database, RowId queue, const std::string& annotator) {
    std::map<RowId, ItemState> states;
    if (const RowId who = findAnnotator(database, annotator); who != 0)
        for (const Said& each : saidInQueue(database, queue, who))
            states[each.mark] = stateOf(each.annotations);
    Statement& rows = database.prepared(
        "SELECT idx, mark_id, coalesce(marks.trace_id, 0), coalesce(substr(prompt, 1, 240), ''), "
        "first_error IS NOT NULL FROM queue_items JOIN marks ON marks.id = mark_id "
        "LEFT JOIN trace_texts ON trace_texts.trace_id = marks.trace_id WHERE queue_id = ?1 ORDER BY idx");
    std::vector<QueueItem> items;
    for (rows.with(queue); rows.step();) {
        QueueItem item{rows.integer(0),    rows.integer(1), rows.integer(2),
                       ItemState::Pending, rows.text(3),    rows.integer(4) != 0};
        if (const auto state = states.find(item.mark); state != states.end()) item.state = state->second;
        items.push_back(std::move(item));
    }
    rows.reset();
    return items;
}

}  // namespace retort
