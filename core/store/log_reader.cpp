#include "core/store/log_reader.h"

#include "core/machines/remote_run.h"
#include "core/runlog/run_directory.h"
#include "core/store/event_ingest.h"
#include "core/store/run_writing.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

// About 50 ms of writing: short transactions let other programs in.
constexpr std::size_t batchBytes = std::size_t(4) << 20;

}  // namespace

WriteTransaction::WriteTransaction(Database& database, SeriesIngest& series)
    : m_series(series), m_transaction(database) {
    Statement& row = database.prepared("PRAGMA data_version");
    row.with().step();
    const std::int64_t version = row.integer(0);
    row.reset();
    m_series.storeIsAt(version);
}

WriteTransaction::~WriteTransaction() {
    if (!m_committed) m_series.forget();
}

void WriteTransaction::commit() {
    m_transaction.commit();
    m_committed = true;
}

LogReader::LogReader(Database& database, SeriesIngest& series, RowId run)
    : m_database(database), m_series(series), m_run(run) {
    Statement row(database, "SELECT directory FROM runs WHERE id = ?1");
    if (!row.with(run).step())
        throw Error("there is no run " + std::to_string(run), database.file().string());
    m_directory = row.text(0);
    row.reset();
    position();
}

LogReader::Position LogReader::position() {
    Statement& row = m_database.prepared("SELECT log_offset, log_seq, state FROM runs WHERE id = ?1");
    Position position;
    if (row.with(m_run).step()) {
        position = {row.integer(0), row.integer(1)};
        m_state = row.text(2);
    }
    row.reset();
    return position;
}

FollowerBatch LogReader::next(const Position& from) {
    if (m_ahead.valid()) {
        FollowerBatch batch = m_ahead.get();
        if (m_aheadFrom == from) return batch;
    }
    return RunLogFollower(m_directory / "events.jsonl").read(from.offset, from.seq, batchBytes);
}

LogReader::Result LogReader::readBatch(StoreChange& change) {
    if (m_directory.empty()) return {};
    const Position from = position();
    FollowerBatch batch = next(from);
    if (batch.offset == from.offset && batch.events.empty()) {
        if (batch.problems.empty() || batch.problems == m_toldProblems) return {};
        m_toldProblems = batch.problems;
    }
    if (!batch.atEnd) {
        m_aheadFrom = {batch.offset, batch.lastSeq};
        m_ahead = std::async(std::launch::async,
                             [follower = RunLogFollower(m_directory / "events.jsonl"), at = m_aheadFrom] {
                                 return follower.read(at.offset, at.seq, batchBytes);
                             });
    }
    WriteTransaction transaction(m_database, m_series);
    if (position() != from) return {Outcome::MovedByOthers, false};
    applyEvents(m_database, m_series, m_run, batch, change);
    transaction.commit();
    position();
    return {Outcome::Committed, batch.atEnd};
}

// A trainer of ours holds run.lock as long as it lives. One that never made that file is given ten minutes.
bool LogReader::isSilent() const {
    std::error_code code;
    auto last = fs::last_write_time(m_directory / "events.jsonl", code);
    if (code) last = fs::last_write_time(m_directory, code);
    const auto age = code ? std::chrono::hours(1) : fs::file_time_type::clock::now() - last;
    const bool locks = fs::exists(m_directory / "run.lock", code);
    return age > (locks ? std::chrono::seconds(2) : std::chrono::minutes(10));
}

bool LogReader::noteIfLost(StoreChange& change) {
    const Position at = position();
    if ((m_state != "running" && m_state != "paused") || m_directory.empty() || !isSilent()) return false;
    // A mirror's lock is on the other machine, and its silence may be the network's: whoever follows it
    // knows.
    if (isRemoteRun(m_directory) || hasOpenJob(m_directory)) return false;
    std::error_code code;
    if (fs::exists(m_directory, code)) {
        const RunDirectory directory = RunDirectory::open(m_directory);
        if (directory.isRunning()) return false;
        // Its last words may have come between our last look and the end of its lock.
        const auto size = fs::file_size(directory.eventsFile(), code);
        if (!code && std::int64_t(size) > at.offset &&
            RunLogFollower(directory.eventsFile()).read(at.offset, at.seq, batchBytes).offset > at.offset)
            return false;
    }
    WriteTransaction transaction(m_database, m_series);
    if (position() != at || (m_state != "running" && m_state != "paused")) return false;
    setRunState(m_database, m_run, "lost",
                "the process that trained it is gone, and it never said that it ended");
    transaction.commit();
    position();
    noteRow(change.runs, m_run);
    return true;
}

}  // namespace retort
