#include "core/store/event_ingest.h"

#include <algorithm>

#include "core/store/mark_rows.h"
#include "core/store/trace_rows.h"
#include "core/store/tree_rows.h"
#include "core/util/clock.h"

namespace retort {
namespace {

// The columns of a run that its events move.
struct Progress {
    std::string state, error, activity;
    std::optional<double> secondsLeft, firstStart, started, ended;
    std::int64_t step = 0, totalSteps = 0;
    std::int32_t attempts = 0;
};

Progress readProgress(Database& database, RowId run) {
    Statement& row = database.prepared(
        "SELECT state, error, activity, seconds_left, first_start, started, ended, step, total_steps, "
        "attempts FROM runs "
        "WHERE id = ?1");
    Progress p;
    if (row.with(run).step())
        p = {row.text(0),         row.text(1),
             row.text(2),         row.optionalReal(3),
             row.optionalReal(4), row.optionalReal(5),
             row.optionalReal(6), row.integer(7),
             row.integer(8),      std::int32_t(row.integer(9))};
    row.reset();
    return p;
}

void writeProgress(Database& database, RowId run, const Progress& p, const FollowerBatch& batch) {
    database
        .prepared(
            "UPDATE runs SET state = ?2, error = ?3, activity = ?4, seconds_left = ?5, first_start = ?6, "
            "started = ?7, "
            "ended = ?8, step = ?9, total_steps = ?10, attempts = ?11, log_offset = ?12, log_seq = ?13 WHERE "
            "id = ?1")
        .run(run, p.state, p.error, p.activity, p.secondsLeft, p.firstStart, p.started, p.ended, p.step,
             p.totalSteps, p.attempts, batch.offset, batch.lastSeq);
}

// One function a kind of event.
class Apply {
  public:
    Apply(Database& database, SeriesIngest& series, RowId run, StoreChange& change)
        : m_database(database),
          m_series(series),
          m_run(run),
          m_change(change),
          m_progress(readProgress(database, run)) {}

    void event(const Event& event) {
        m_t = event.t;
        std::visit(*this, event.payload);
    }
    const Progress& progress() const { return m_progress; }
    std::int32_t attempt() const { return std::max(m_progress.attempts, 1); }

    void operator()(const StartEvent& e) {
        m_progress.attempts = std::max(m_progress.attempts + 1, e.attempt);
        m_progress.state = "running";
        m_progress.error.clear();
        m_progress.activity.clear();
        m_progress.secondsLeft.reset();
        m_progress.started = m_t;
        m_progress.ended.reset();
        if (!m_progress.firstStart) m_progress.firstStart = m_t;
        m_progress.step = e.fromStep;
        if (e.totalSteps > 0) m_progress.totalSteps = e.totalSteps;
        if (!e.host.empty())
            m_database.prepared("UPDATE runs SET host = ?2 WHERE id = ?1").run(m_run, e.host);
    }

    void operator()(const ScalarsEvent& e) {
        isAlive();
        m_progress.step = e.step;
        SeriesPoint point;
        point.step = e.step;
        point.tokens = e.tokens;
        point.t = m_t;
        point.attempt = attempt();
        std::size_t position = 0;
        for (const auto& [name, value] : e.values) {
            point.value = value;
            m_series.add(m_run, position++, name, point);
        }
        if (!e.values.empty()) noteRow(m_change.seriesRuns, m_run);
    }

    void operator()(const TraceEvent& e) {
        isAlive();
        insertTrace(m_database, m_run, e.trace, m_t, attempt());
        noteRow(m_change.traceRuns, m_run);
    }

    void operator()(const TreeEvent& e) {
        isAlive();
        insertTree(m_database, m_run, e.tree, m_t, attempt());
        noteRow(m_change.traceRuns, m_run);
    }

    void operator()(const CheckpointEvent& e) {
        isAlive();
        m_change.lineageChanged = true;
        // Asked for twice at one step, or written again after a resume: the folder is the same one.
        m_database.prepared("DELETE FROM checkpoints WHERE run_id = ?1 AND step = ?2 AND path = ?3")
            .run(m_run, e.step, e.path);
        m_database
            .prepared(
                "INSERT INTO checkpoints (run_id, step, path, t, attempt, superseded) VALUES (?1, ?2, ?3, "
                "?4, ?5, 0)")
            .run(m_run, e.step, e.path, m_t, attempt());
    }

    void operator()(const EvaluationEvent& e) {
        isAlive();
        m_database
            .prepared(
                "INSERT INTO evaluations (run_id, step, t, name, set_hash, attempt, superseded) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)")
            .run(m_run, e.step, m_t, e.name, e.setHash, attempt());
        const RowId id = m_database.lastInsertId();
        for (const auto& [name, value] : e.metrics)
            m_database.prepared("INSERT OR REPLACE INTO evaluation_metrics VALUES (?1, ?2, ?3)")
                .run(id, name, value);
        std::int64_t idx = 0;
        for (const EvaluationItem& item : e.items)
            m_database.prepared("INSERT INTO evaluation_items VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
                .run(id, idx++, item.problemId, item.samples, item.correct, item.meanTokens);
        noteRow(m_change.evaluationRuns, m_run);
    }

    void operator()(const AlarmEvent& e) {
        m_database
            .prepared(
                "INSERT INTO alarms (run_id, step, t, rule, severity, text, attempt, superseded) "
                "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 0)")
            .run(m_run, e.step, m_t, e.rule, e.severity, e.text, attempt());
    }

    void operator()(const StatusEvent& e) {
        isAlive();
        m_progress.activity = e.state;
        m_progress.secondsLeft = e.secondsLeft;
        m_progress.step = std::max(m_progress.step, e.step);
        if (e.totalSteps > 0) m_progress.totalSteps = e.totalSteps;
        if (e.state == "paused" && m_progress.state == "running") m_progress.state = "paused";
    }

    void operator()(const MessageEvent& e) { message(e.level, e.text); }

    void operator()(const RewindEvent& e) {
        m_change.lineageChanged = true;
        m_series.supersede(m_run, e.toStep);
        for (const char* sql :
             {"UPDATE traces SET superseded = 1 WHERE run_id = ?1 AND step > ?2 AND superseded = 0",
              "UPDATE search_trees SET superseded = 1 WHERE run_id = ?1 AND step > ?2 AND superseded = 0",
              "UPDATE checkpoints SET superseded = 1 WHERE run_id = ?1 AND step > ?2 AND superseded = 0",
              "UPDATE evaluations SET superseded = 1 WHERE run_id = ?1 AND step > ?2 AND superseded = 0",
              "UPDATE alarms SET superseded = 1 WHERE run_id = ?1 AND step > ?2 AND superseded = 0"})
            m_database.prepared(sql).run(m_run, e.toStep);
        m_progress.step = e.toStep;
        noteRow(m_change.seriesRuns, m_run);
        noteRow(m_change.traceRuns, m_run);
        noteRow(m_change.evaluationRuns, m_run);
    }

    void operator()(const EndEvent& e) {
        m_change.lineageChanged = true;
        const bool known = e.outcome == "finished" || e.outcome == "stopped" || e.outcome == "failed";
        m_progress.state = known ? e.outcome : "failed";
        m_progress.error = known ? e.error : "unknown outcome \"" + e.outcome + "\" " + e.error;
        m_progress.activity.clear();
        m_progress.secondsLeft.reset();
        m_progress.ended = m_t;
    }

    void message(const std::string& level, const std::string& text) {
        m_database.prepared("INSERT INTO messages (run_id, t, level, text) VALUES (?1, ?2, ?3, ?4)")
            .run(m_run, m_t, level, text);
    }

    void at(double t) { m_t = t; }

  private:
    // A trainer that says something is there, whatever was thought of it (and some never said that they
    // started).
    void isAlive() {
        std::string& state = m_progress.state;
        if (state != "created" && state != "lost" && state != "paused") return;
        if (state == "lost") {
            m_progress.error.clear();
            m_progress.ended.reset();
        }
        state = "running";
        if (!m_progress.started) m_progress.started = m_t;
        if (!m_progress.firstStart) m_progress.firstStart = m_t;
    }

    Database& m_database;
    SeriesIngest& m_series;
    RowId m_run;
    StoreChange& m_change;
    Progress m_progress;
    double m_t = 0;
};

}  // namespace

void noteRow(std::vector<RowId>& ids, RowId id) {
    if (std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
}

void applyEvents(Database& database, SeriesIngest& series, RowId run, const FollowerBatch& batch,
                 StoreChange& change) {
    Apply apply(database, series, run, change);
    for (const Event& event : batch.events) apply.event(event);
    apply.at(unixTime());
    for (const std::string& problem : batch.problems) apply.message("warning", problem);
    series.flush();
    writeProgress(database, run, apply.progress(), batch);
    if (std::find(change.traceRuns.begin(), change.traceRuns.end(), run) != change.traceRuns.end())
        remapMarks(database, run, change);
    noteRow(change.runs, run);
}

}  // namespace retort
