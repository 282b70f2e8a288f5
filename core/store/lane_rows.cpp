#include "core/store/lane_rows.h"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "core/util/error.h"

namespace retort {
namespace {

#define RETORT_JUDGEMENT_COLUMNS "kind, name, begin_byte, end_byte, rating, value, successes, rollouts, text"

void insert(Statement& statement, RowId subject, RowId row, const StepLane& lane) {
    std::int64_t idx = 0;
    for (const StepJudgement& step : lane.steps)
        statement.run(subject, row, idx++, step.begin, step.end, verdictOf(lane.kind, step), step.rating,
                      step.value, step.successes, step.rollouts, step.text);
}

/// Rows in order of their lane.
std::vector<StepLane> readAll(Statement& rows) {
    std::vector<StepLane> lanes;
    while (rows.step()) {
        const LaneKind kind = laneKindNamed(rows.text(0)).value_or(LaneKind::Human);
        const std::string name = rows.text(1);
        if (lanes.empty() || lanes.back().kind != kind || lanes.back().name != name)
            lanes.push_back({kind, name, {}});
        StepJudgement step;
        step.begin = rows.integer(2);
        step.end = rows.integer(3);
        if (!rows.isNull(4)) step.rating = std::int32_t(rows.integer(4));
        step.value = rows.optionalReal(5);
        step.successes = std::int32_t(rows.integer(6));
        step.rollouts = std::int32_t(rows.integer(7));
        step.text = rows.text(8);
        lanes.back().steps.push_back(std::move(step));
    }
    rows.reset();
    return lanes;
}

/// The task's own checker, which judged when the completion was sampled.
std::optional<StepLane> checkerLane(Database& database, RowId trace) {
    Statement& rows = database.prepared(
        "SELECT task, begin_byte, end_byte, verdict, reason FROM traces JOIN trace_steps ON trace_id = id "
        "WHERE id = ?1 AND verdict <> 'unchecked' ORDER BY idx");
    std::optional<StepLane> lane;
    for (rows.with(trace); rows.step();) {
        if (!lane) lane = StepLane{LaneKind::Checker, rows.text(0), {}};
        StepJudgement step;
        step.begin = rows.integer(1);
        step.end = rows.integer(2);
        step.rating = rows.text(3) == "wrong" ? -1 : 1;
        step.text = rows.text(4);
        lane->steps.push_back(std::move(step));
    }
    rows.reset();
    return lane;
}

bool isOneOf(const std::vector<StepLane>& lanes, const StepLane& lane) {
    return std::any_of(lanes.begin(), lanes.end(), [&](const StepLane& each) {
        return each.kind == lane.kind && each.name == lane.name;
    });
}

}  // namespace

std::optional<std::int32_t> verdictOf(LaneKind kind, const StepJudgement& judgement) {
    if (judgement.rating) return judgement.rating;
    if (kind == LaneKind::MonteCarlo && judgement.rollouts > 0) return judgement.successes > 0 ? 1 : -1;
    if (kind == LaneKind::Detector || !judgement.value) return std::nullopt;
    return *judgement.value >= 0.5 ? 1 : -1;
}

RowId laneRow(Database& database, LaneKind kind, const std::string& name) {
    Statement& found = database.prepared("SELECT id FROM lanes WHERE kind = ?1 AND name = ?2");
    const RowId id = found.with(retort::name(kind), name).step() ? found.integer(0) : 0;
    found.reset();
    if (id != 0) return id;
    database.prepared("INSERT INTO lanes (kind, name) VALUES (?1, ?2)").run(retort::name(kind), name);
    return database.lastInsertId();
}

void insertTraceLanes(Database& database, RowId trace, const std::vector<StepLane>& lanes) {
    for (const StepLane& lane : lanes)
        insert(database.prepared(
                   "INSERT OR REPLACE INTO trace_judgements VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, "
                   "?10, ?11)"),
               trace, laneRow(database, lane.kind, lane.name), lane);
}

std::vector<StepLane> readTraceLanes(Database& database, RowId trace) {
    return readAll(database
                       .prepared("SELECT " RETORT_JUDGEMENT_COLUMNS
                                 " FROM trace_judgements JOIN lanes ON id = lane_id WHERE trace_id = ?1 "
                                 "ORDER BY lane_id, idx")
                       .with(trace));
}

void replaceLane(Database& database, RowId mark, const StepLane& lane) {
    const RowId row = laneRow(database, lane.kind, lane.name);
    database.prepared("DELETE FROM judgements WHERE mark_id = ?1 AND lane_id = ?2").run(mark, row);
    insert(database.prepared("INSERT INTO judgements VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)"),
           mark, row, lane);
}

std::vector<StepLane> humanLanes(Database& database, RowId mark) {
    return readAll(database
                       .prepared("SELECT " RETORT_JUDGEMENT_COLUMNS
                                 " FROM judgements JOIN lanes ON id = lane_id WHERE mark_id = ?1 AND kind = "
                                 "'human' ORDER BY name, idx")
                       .with(mark));
}

void checkLane(const StepLane& lane, std::int64_t bytes) {
    const std::string who = "lane " + std::string(retort::name(lane.kind)) + " \"" + lane.name + "\"";
    for (std::size_t i = 0; i < lane.steps.size(); ++i) {
        const StepJudgement& step = lane.steps[i];
        const auto refuse = [&](const std::string& why) {
            throw Error(why, who + ", step " + std::to_string(i));
        };
        if (step.begin < 0 || step.end < step.begin || step.end > bytes)
            refuse("bytes " + std::to_string(step.begin) + " to " + std::to_string(step.end) +
                   " are no range of a completion of " + std::to_string(bytes) + " bytes");
        if (step.rating && (*step.rating < -1 || *step.rating > 1))
            refuse("a rating is -1, 0 or 1, not " + std::to_string(*step.rating));
        if (step.value && !std::isfinite(*step.value)) refuse("a value is a finite number");
        if (step.successes < 0 || step.rollouts < step.successes)
            refuse(std::to_string(step.successes) + " successes of " + std::to_string(step.rollouts) +
                   " rollouts");
    }
}

std::vector<StepLane> readLanes(Database& database, RowId trace) {
    std::vector<StepLane> lanes =
        readAll(database
                    .prepared("SELECT " RETORT_JUDGEMENT_COLUMNS
                              " FROM marks JOIN judgements ON mark_id = marks.id JOIN lanes ON lanes.id = "
                              "lane_id WHERE trace_id = ?1 ORDER BY lane_id, idx")
                    .with(trace));
    for (StepLane& lane : readTraceLanes(database, trace))
        if (!isOneOf(lanes, lane)) lanes.push_back(std::move(lane));
    if (auto checker = checkerLane(database, trace); checker && !isOneOf(lanes, *checker))
        lanes.push_back(std::move(*checker));
    std::sort(lanes.begin(), lanes.end(), [](const StepLane& a, const StepLane& b) {
        return std::tie(a.kind, a.name) < std::tie(b.kind, b.name);
    });
    return lanes;
}

}  // namespace retort
