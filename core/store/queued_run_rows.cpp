#include "core/store/queued_run_rows.h"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <sstream>

#include "core/store/run_writing.h"
#include "core/util/clock.h"
#include "core/util/error.h"

namespace retort {
namespace {

// Nobody takes longer to load a trainer.
constexpr double startingSeconds = 3600;

std::optional<QueuedState> stateOf(Database& database, RowId run) {
    Statement row(database, "SELECT state FROM queued_runs WHERE run_id = ?1");
    if (!row.with(run).step()) return std::nullopt;
    return queuedStateFrom(row.text(0));
}

/// 1, 2 … in this order.
void number(Database& database, const std::vector<RowId>& order) {
    Statement change(database, "UPDATE queued_runs SET position = ?2 WHERE run_id = ?1 AND position <> ?2");
    int position = 0;
    for (const RowId run : order) change.run(run, ++position);
}

std::vector<RowId> orderOf(Database& database) {
    std::vector<RowId> order;
    Statement rows(database, "SELECT run_id FROM queued_runs ORDER BY position, run_id");
    while (rows.step()) order.push_back(rows.integer(0));
    return order;
}

constexpr const char* placeColumns =
    "SELECT runs.id, backend, directory, state, runs.name, uuid, coalesce(studies.name, '') FROM runs LEFT "
    "JOIN studies ON studies.id = study_id ";

std::vector<RunPlace> placesFrom(Statement& rows) {
    std::vector<RunPlace> places;
    while (rows.step())
        places.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.text(3), rows.text(4),
                          rows.text(5), rows.text(6)});
    return places;
}

/// "0,2"
std::string gpuList(const std::vector<int>& gpus) {
    std::string list;
    for (const int gpu : gpus) {
        if (!list.empty()) list += ',';
        list += std::to_string(gpu);
    }
    return list;
}

std::vector<int> gpusFrom(const std::string& list) {
    std::vector<int> gpus;
    std::istringstream words(list);
    for (std::string gpu; std::getline(words, gpu, ',');) gpus.push_back(std::atoi(gpu.c_str()));
    return gpus;
}

/// Whether it comes after itself, which it would wait for for ever.
bool isInCircle(Database& database, RowId run) {
    Statement circle(
        database,
        "WITH RECURSIVE before (id) AS (SELECT after_id FROM queued_after WHERE run_id = ?1 UNION "
        "SELECT after_id FROM queued_after JOIN before ON run_id = before.id) SELECT 1 FROM "
        "before WHERE id = ?1");
    return circle.with(run).step();
}

void insertInto(std::vector<RowId>& order, RowId run, int position) {
    const auto place = std::clamp<std::ptrdiff_t>(position - 1, 0, std::ptrdiff_t(order.size()));
    order.insert(order.begin() + place, run);
}

}  // namespace

std::vector<QueuedRun> readQueuedRuns(Database& database) {
    std::map<RowId, std::vector<RowId>> after;
    Statement edges(database, "SELECT run_id, after_id FROM queued_after ORDER BY run_id, after_id");
    while (edges.step()) after[edges.integer(0)].push_back(edges.integer(1));
    std::vector<QueuedRun> queue;
    Statement rows(database,
                   "SELECT run_id, backend, position, state, held, retries, attempts, gpus, on_gpus, "
                   "problem, coalesce(failed_at, 0) FROM queued_runs ORDER BY position, run_id");
    while (rows.step()) {
        QueuedRun run;
        run.run = rows.integer(0);
        run.backend = rows.text(1);
        run.position = int(rows.integer(2));
        run.state = queuedStateFrom(rows.text(3));
        run.isHeld = rows.integer(4) != 0;
        run.retries = int(rows.integer(5));
        run.attempts = int(rows.integer(6));
        run.gpus = int(rows.integer(7));
        run.onGpus = gpusFrom(rows.text(8));
        run.problem = rows.text(9);
        run.failedAt = rows.real(10);
        run.after = after[run.run];
        queue.push_back(std::move(run));
    }
    return queue;
}

std::vector<RunPlace> readGoingRuns(Database& database) {
    Statement rows(database, std::string(placeColumns) +
                                 "WHERE (state IN ('running', 'paused') OR (state = 'created' AND created > "
                                 "?1)) AND directory <> '' AND runs.id NOT IN (SELECT run_id FROM "
                                 "queued_runs) ORDER BY runs.id");
    return placesFrom(rows.with(unixTime() - startingSeconds));
}

std::vector<RunPlace> readRunsOfQueue(Database& database) {
    Statement rows(database,
                   std::string(placeColumns) +
                       "WHERE runs.id IN (SELECT run_id FROM queued_runs UNION SELECT after_id FROM "
                       "queued_after) ORDER BY runs.id");
    return placesFrom(rows);
}

void addQueuedRuns(Database& database, const std::vector<QueuedRun>& runs) {
    std::vector<RowId> order = orderOf(database);
    for (const QueuedRun& each : runs) {
        requireRun(database, each.run);
        if (stateOf(database, each.run))
            throw Error("the run is in the queue already", std::to_string(each.run));
        const bool hasFailed = each.state == QueuedState::Failed;
        Statement(database,
                  "INSERT INTO queued_runs (run_id, backend, position, state, held, retries, attempts, gpus, "
                  "problem, failed_at) VALUES (?1, ?2, 0, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
            .run(each.run, each.backend, toString(hasFailed ? QueuedState::Failed : QueuedState::Waiting),
                 each.isHeld, each.retries, each.attempts, each.gpus, each.problem,
                 each.failedAt > 0 ? std::optional<double>(each.failedAt) : std::nullopt);
        for (const RowId before : each.after)
            if (before != each.run)
                Statement(database, "INSERT INTO queued_after VALUES (?1, ?2) ON CONFLICT DO NOTHING")
                    .run(each.run, before);
        Statement(database,
                  "UPDATE runs SET state = 'created', error = '', ended = NULL WHERE id = ?1 AND state = "
                  "'stopped' AND attempts = 0")
            .run(each.run);
        insertInto(order, each.run, each.position > 0 ? each.position : int(order.size()) + 1);
    }
    for (const QueuedRun& each : runs)
        if (isInCircle(database, each.run))
            throw Error("the run would wait for itself: what it is to come after was to come after it",
                        std::to_string(each.run), "take the other one out of the queue, or let it end first");
    number(database, order);
}

std::vector<QueuedRun> removeQueuedRuns(Database& database, const std::vector<RowId>& runs, bool toStart) {
    std::vector<QueuedRun> removed;
    for (const QueuedRun& each : readQueuedRuns(database)) {
        if (each.state == QueuedState::Started || std::find(runs.begin(), runs.end(), each.run) == runs.end())
            continue;
        removed.push_back(each);
    }
    for (const QueuedRun& each : removed) {
        Statement(database, "DELETE FROM queued_runs WHERE run_id = ?1").run(each.run);
        Statement began(database, "SELECT state = 'created' FROM runs WHERE id = ?1");
        const bool neverBegan = began.with(each.run).step() && began.integer(0) != 0;
        began.reset();
        if (neverBegan && !toStart) setRunState(database, each.run, "stopped", {});
    }
    number(database, orderOf(database));
    return removed;
}

void moveQueuedRun(Database& database, RowId run, int position) {
    std::vector<RowId> order = orderOf(database);
    if (std::erase(order, run) == 0) throw Error("the run is not in the queue", std::to_string(run));
    insertInto(order, run, position);
    number(database, order);
}

void holdQueuedRuns(Database& database, const std::vector<RowId>& runs, bool isHeld) {
    for (const RowId run : runs)
        Statement(database, "UPDATE queued_runs SET held = ?2 WHERE run_id = ?1").run(run, isHeld);
}

void retryQueuedRuns(Database& database, const std::vector<RowId>& runs) {
    for (const RowId run : runs)
        Statement(database,
                  "UPDATE queued_runs SET problem = iif(state = 'failed', '', problem), state = 'waiting', "
                  "failed_at = NULL WHERE run_id = ?1 AND (state = 'failed' OR failed_at IS NOT NULL) AND "
                  "state <> 'started'")
            .run(run);
}

std::optional<int> beginQueuedRun(Database& database, RowId run, const std::vector<int>& gpus) {
    Statement row(
        database,
        "UPDATE queued_runs SET state = 'started', attempts = attempts + 1, on_gpus = ?2, failed_at = "
        "NULL WHERE run_id = ?1 AND state = 'waiting' AND held = 0 RETURNING attempts");
    if (!row.with(run, gpuList(gpus)).step()) return std::nullopt;
    const int attempt = int(row.integer(0));
    while (row.step()) {
    }
    // Who stops, kills or resumes it asks there.
    Statement(database,
              "UPDATE runs SET backend = (SELECT backend FROM queued_runs WHERE run_id = ?1) WHERE id = ?1")
        .run(run);
    return attempt;
}

void endQueuedRun(Database& database, RowId run, int attempt, QueuedEnd end, const std::string& problem) {
    Statement going(database,
                    "SELECT 1 FROM queued_runs WHERE run_id = ?1 AND attempts = ?2 AND state = 'started'");
    const bool isMeant = going.with(run, attempt).step();
    going.reset();
    if (!isMeant) return;
    switch (end) {
        case QueuedEnd::Done:
            Statement(database, "DELETE FROM queued_runs WHERE run_id = ?1").run(run);
            number(database, orderOf(database));
            return;
        case QueuedEnd::NeverBegan:
            Statement(database,
                      "UPDATE queued_runs SET state = 'waiting', on_gpus = '', attempts = attempts - 1 WHERE "
                      "run_id = ?1")
                .run(run);
            return;
        case QueuedEnd::Failed:
            break;
    }
    Statement(
        database,
        "UPDATE queued_runs SET state = iif(retries > 0, 'waiting', 'failed'), retries = max(0, retries "
        "- 1), on_gpus = '', problem = ?2, failed_at = iif(retries > 0, ?3, NULL) WHERE run_id = ?1")
        .run(run, problem, unixTime());
}

}  // namespace retort
