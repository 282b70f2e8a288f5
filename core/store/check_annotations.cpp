#include "core/store/check_annotations.h"

#include "core/store/annotation_rows.h"
#include "core/store/dispute_rows.h"
#include "core/store/lane_rows.h"
#include "core/store/mark_rows.h"

namespace retort {
namespace {

constexpr int mostProblems = 20;
constexpr int sampledTraces = 500;

// What an event says was there before is what the event before it wrote.
void checkHistories(Database& database, StoreCheckReport& report) {
    Statement rows(database,
                   "SELECT id FROM (SELECT id, old_value, lag(new_value) OVER (PARTITION BY mark_id, "
                   "annotator_id, kind, begin_byte, end_byte ORDER BY id) AS before FROM annotation_events) "
                   "WHERE old_value IS NOT before ORDER BY id LIMIT ?1");
    for (rows.with(mostProblems); rows.step();)
        report.problems.push_back("annotation event " + rows.text(0) +
                                  ": its old value is not what was said before it");
    report.checked.push_back("histories of " +
                             std::to_string(database.integer("SELECT count(*) FROM annotation_events")) +
                             " annotation events");
}

std::vector<RowId> sample(Database& database, const std::string& sql) {
    Statement rows(database, sql + " ORDER BY random() LIMIT " + std::to_string(sampledTraces));
    std::vector<RowId> ids;
    while (rows.step()) ids.push_back(rows.integer(0));
    return ids;
}

std::vector<StepLane> givenRatings(Database& database, RowId mark) {
    std::vector<StepLane> lanes = readRatings(database, mark);
    std::erase_if(lanes, [](const StepLane& lane) { return lane.steps.empty(); });
    return lanes;
}

void checkRatings(Database& database, StoreCheckReport& report) {
    int problems = 0;
    const std::vector<RowId> marks = sample(database, "SELECT DISTINCT mark_id FROM annotation_events");
    for (const RowId mark : marks)
        if (givenRatings(database, mark) != humanLanes(database, mark) && ++problems <= mostProblems)
            report.problems.push_back("mark " + std::to_string(mark) +
                                      ": the ratings in its lanes are not those that were given");
    report.checked.push_back("ratings of " + std::to_string(marks.size()) + " annotated traces");
}

void checkDisputes(Database& database, StoreCheckReport& report) {
    int problems = 0;
    const std::vector<RowId> traces =
        sample(database,
               "SELECT trace_id FROM (SELECT trace_id FROM disputed_traces UNION SELECT trace_id FROM marks "
               "WHERE trace_id IS NOT NULL UNION SELECT trace_id FROM trace_judgements)");
    for (const RowId trace : traces)
        if (disputedSteps(database, trace) !=
                database.integer("SELECT steps FROM disputed_traces WHERE trace_id = " +
                                 std::to_string(trace)) &&
            ++problems <= mostProblems)
            report.problems.push_back("trace " + std::to_string(trace) +
                                      ": the steps that its judges disagree on are miscounted");
    report.checked.push_back("judges of " + std::to_string(traces.size()) + " traces");
}

void checkMarks(Database& database, StoreCheckReport& report) {
    const std::int64_t all = database.integer("SELECT count(*) FROM marks");
    const std::int64_t lost = database.integer("SELECT count(*) FROM marks WHERE trace_id IS NULL");
    report.checked.push_back(std::to_string(all) + " marks of traces" +
                             (lost == 0 ? std::string()
                                        : ", " + std::to_string(lost) +
                                              " of traces that no log has at present (what was said of them "
                                              "is kept)"));
}

}  // namespace

void checkAnnotations(Database& database, StoreCheckReport& report) {
    checkMarks(database, report);
    checkHistories(database, report);
    checkRatings(database, report);
    checkDisputes(database, report);
}

}  // namespace retort
