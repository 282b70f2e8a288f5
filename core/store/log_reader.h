// Brings one run's log into the store, batch after batch, exactly once.
#pragma once

#include <chrono>
#include <filesystem>
#include <future>
#include <optional>

#include "core/runlog/follower.h"
#include "core/store/series_ingest.h"
#include "core/store/store.h"

namespace retort {

/// The run's position in its log is read from the store each time, and again under the write lock: another
/// program that follows the same run on the same store moves it too.
class LogReader {
  public:
    LogReader(Database& database, SeriesIngest& series, RowId run);

    enum class Outcome { Nothing, Committed, MovedByOthers };
    struct Result {
        Outcome outcome = Outcome::Nothing;
        bool atEnd = true;
    };
    /// Reads one batch and commits it. Throws Error; then nothing of it is in the store.
    Result readBatch(StoreChange& change);

    /// Marks the run as lost when nobody trains it any more and it never said that it ended. To be asked when
    /// there is nothing to read.
    bool noteIfLost(StoreChange& change);
    /// Whether the store has the run in a last state.
    bool hasEnded() const {
        return m_state == "finished" || m_state == "stopped" || m_state == "failed" || m_state == "lost";
    }
    const std::filesystem::path& directory() const { return m_directory; }

  private:
    struct Position {
        std::int64_t offset = 0, seq = 0;
        bool operator==(const Position&) const = default;
    };
    Position position();
    FollowerBatch next(const Position& from);
    bool isSilent() const;

    Database& m_database;
    SeriesIngest& m_series;
    RowId m_run;
    std::filesystem::path m_directory;
    std::string m_state;
    std::vector<std::string> m_toldProblems;  ///< of a log that cannot be read on: told once
    // While one batch is written, the next is parsed on another core.
    std::future<FollowerBatch> m_ahead;
    Position m_aheadFrom;
};

/// Begins a transaction, and lets `series` forget what it knows when another connection wrote since the last
/// one.
class WriteTransaction {
  public:
    WriteTransaction(Database& database, SeriesIngest& series);
    ~WriteTransaction();
    WriteTransaction(const WriteTransaction&) = delete;
    WriteTransaction& operator=(const WriteTransaction&) = delete;
    void commit();

  private:
    SeriesIngest& m_series;
    Transaction m_transaction;
    bool m_committed = false;
};

}  // namespace retort
