#include "core/store/check.h"

#include <algorithm>
#include <filesystem>

#include "core/runlog/follower.h"
#include "core/runlog/run_directory.h"
#include "core/store/check_annotations.h"
#include "core/store/summary_rows.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr int mostProblemsOfAKind = 20;
constexpr int sampledSeries = 24;

void checkIntegrity(Database& database, StoreCheckReport& report) {
    Statement rows(database, "PRAGMA integrity_check(20)");
    while (rows.step())
        if (rows.text(0) != "ok") report.problems.push_back("integrity: " + rows.text(0));
    report.checked.push_back("integrity of " + std::to_string(database.integer("PRAGMA page_count")) +
                             " pages");
}

void checkForeignKeys(Database& database, StoreCheckReport& report) {
    Statement rows(database, "PRAGMA foreign_key_check");
    for (int i = 0; i < mostProblemsOfAKind && rows.step(); ++i)
        report.problems.push_back("foreign keys: row " + rows.text(1) + " of " + rows.text(0) +
                                  " has no parent in " + rows.text(2));
    report.checked.emplace_back("foreign keys of all tables");
}

struct LoggedRun {
    RowId id;
    std::string name, directory;
    std::int64_t offset, seq;
};

// What the part of the log that was read says should be in the store.
struct LogCounts {
    std::int64_t offset = 0, seq = 0, points = 0, traces = 0, trees = 0, evaluations = 0;
    std::vector<std::string> problems;  // foreign lines, missing events
};

LogCounts countLog(const fs::path& file, std::int64_t end) {
    LogCounts counts;
    const RunLogFollower follower(file);
    while (counts.offset < end) {
        const auto wanted = std::size_t(std::min<std::int64_t>(end - counts.offset, 8 << 20));
        const FollowerBatch batch = follower.read(counts.offset, counts.seq, wanted);
        if (batch.offset == counts.offset) break;
        counts.offset = batch.offset;
        counts.seq = batch.lastSeq;
        counts.problems.insert(counts.problems.end(), batch.problems.begin(), batch.problems.end());
        for (const Event& event : batch.events) {
            if (const auto* scalars = std::get_if<ScalarsEvent>(&event.payload))
                counts.points += std::int64_t(scalars->values.size());
            counts.traces += std::holds_alternative<TraceEvent>(event.payload);
            counts.trees += std::holds_alternative<TreeEvent>(event.payload);
            counts.evaluations += std::holds_alternative<EvaluationEvent>(event.payload);
        }
    }
    return counts;
}

// What a killed trainer leaves: a line without its end, that nobody is about to write.
bool isTorn(const LoggedRun& run, const fs::path& file) {
    return RunLogFollower(file).read(run.offset, run.seq).offset == run.offset &&
           !RunDirectory::open(run.directory).isRunning();
}

void checkLog(Database& database, const LoggedRun& run, StoreCheckReport& report) {
    const std::string who = "run \"" + run.name + "\": ";
    const fs::path file = fs::path(run.directory) / "events.jsonl";
    std::error_code code;
    if (!fs::exists(run.directory, code)) {
        report.problems.push_back(who + "its directory is gone: " + run.directory);
        return;
    }
    const std::int64_t size = fs::exists(file, code) ? std::int64_t(fs::file_size(file, code)) : 0;
    if (size < run.offset) {
        report.problems.push_back(who + "the log has " + std::to_string(size) + " bytes, " +
                                  std::to_string(run.offset) + " were read: " + file.string());
        return;
    }
    const LogCounts log = countLog(file, run.offset);
    if (log.offset != run.offset || log.seq != run.seq)
        report.problems.push_back(who + "the log was read up to byte " + std::to_string(run.offset) +
                                  ", seq " + std::to_string(run.seq) +
                                  ", which is not where a line ends (found byte " +
                                  std::to_string(log.offset) + ", seq " + std::to_string(log.seq) +
                                  "); index it again: retort-cli store reindex");
    const auto compare = [&](const char* what, std::int64_t logged, const std::string& sql) {
        const std::int64_t stored = database.integer(sql + std::to_string(run.id));
        if (stored < logged)
            report.problems.push_back(who + std::to_string(logged) + " " + what + " in the log, " +
                                      std::to_string(stored) +
                                      " in the store; index it again: retort-cli store reindex");
    };
    compare("points", log.points, "SELECT coalesce(sum(points), 0) FROM series WHERE run_id = ");
    compare("traces", log.traces, "SELECT count(*) FROM traces WHERE run_id = ");
    compare("search trees", log.trees, "SELECT count(*) FROM search_trees WHERE run_id = ");
    compare("evaluations", log.evaluations, "SELECT count(*) FROM evaluations WHERE run_id = ");
    for (std::size_t i = 0; i < std::min<std::size_t>(log.problems.size(), mostProblemsOfAKind); ++i)
        report.problems.push_back(who + log.problems[i] + " (the rest of the log counts: " + file.string() +
                                  ")");
    if (size == run.offset) return;
    const std::string rest = std::to_string(size - run.offset) + " bytes";
    if (isTorn(run, file))
        report.problems.push_back(
            who + "the log's last line is torn, " + rest +
            " that count for nothing; retort-cli resume cuts them off: " + file.string());
    else
        report.checked.push_back(who + rest + " of its log are still to be read");
}

void checkLogs(Database& database, StoreCheckReport& report) {
    std::vector<LoggedRun> runs;
    Statement rows(database,
                   "SELECT id, name, directory, log_offset, log_seq FROM runs WHERE directory <> ''");
    while (rows.step())
        runs.push_back({rows.integer(0), rows.text(1), rows.text(2), rows.integer(3), rows.integer(4)});
    rows.reset();
    for (const LoggedRun& run : runs) {
        try {
            checkLog(database, run, report);
        } catch (const Error& error) {
            report.problems.push_back("run \"" + run.name + "\": " + error.what());
        }
    }
    report.checked.push_back("logs of " + std::to_string(runs.size()) + " runs");
}

// Builds the pyramid of one series anew and compares it with what is stored.
bool pyramidIsRight(Database& database, RowId series, std::int64_t& points) {
    bool right = true;
    std::int64_t summaries = 0;
    Statement stored(database, "SELECT " RETORT_SUMMARY_COLUMNS
                               " FROM summaries WHERE series_id = ?1 AND level = ?2 AND idx = ?3");
    PyramidBuilder builder;
    const auto compare = [&](int level, std::int64_t idx, const Summary& expected) {
        ++summaries;
        right = right && stored.with(series, level, idx).step() && readSummary(stored) == expected;
    };
    Statement rows(database, "SELECT " RETORT_POINT_COLUMNS " FROM points WHERE series_id = ?1 ORDER BY idx");
    rows.with(series);
    while (right && rows.step()) {
        right = rows.integer(0) == builder.next();
        builder.add(readPoint(rows), compare);
    }
    points += builder.next();
    const std::string id = std::to_string(series);
    return right && builder.next() == database.integer("SELECT points FROM series WHERE id = " + id) &&
           summaries == database.integer("SELECT count(*) FROM summaries WHERE series_id = " + id);
}

void checkPyramids(Database& database, StoreCheckReport& report) {
    std::vector<RowId> sample;
    std::vector<std::string> names;
    Statement rows(
        database,
        "SELECT series.id, runs.name || ' / ' || series.name FROM series JOIN runs ON runs.id = run_id "
        "ORDER BY random() LIMIT ?1");
    for (rows.with(sampledSeries); rows.step();) {
        sample.push_back(rows.integer(0));
        names.push_back(rows.text(1));
    }
    rows.reset();
    std::int64_t points = 0;
    for (std::size_t i = 0; i < sample.size(); ++i)
        if (!pyramidIsRight(database, sample[i], points))
            report.problems.push_back("series " + names[i] + ": its summaries do not agree with its points");
    report.checked.push_back("summaries of " + std::to_string(sample.size()) + " series against their " +
                             std::to_string(points) + " points");
}

}  // namespace

StoreCheckReport checkStore(Database& database) {
    StoreCheckReport report;
    checkIntegrity(database, report);
    if (!report.problems.empty()) return report;  // nothing else could be believed
    checkForeignKeys(database, report);
    // Off the run's way: a snapshot, so that a store that is being written to is compared with itself.
    database.execute("BEGIN");
    try {
        checkLogs(database, report);
        checkPyramids(database, report);
        checkAnnotations(database, report);
    } catch (const Error& error) {
        report.problems.push_back(error.what());
    }
    database.execute("ROLLBACK");
    return report;
}

}  // namespace retort
