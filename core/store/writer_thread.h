// The one thread that writes to a store: jobs in the order in which they are asked for, the logs of the runs
// that are followed as they grow, and what other programs on the same store have changed.
#pragma once

#include <atomic>
#include <chrono>
#include <deque>
#include <filesystem>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "core/store/log_reader.h"
#include "core/store/log_watch.h"
#include "core/store/series_ingest.h"
#include "core/store/store.h"

namespace retort {

class WriterThread {
  public:
    /// Opens or makes the store, and follows the runs that were going when it was last open. Throws Error.
    explicit WriterThread(const std::filesystem::path& path);
    /// Does what has been asked for by then.
    ~WriterThread();

    const std::filesystem::path& file() const { return m_file; }
    /// The functions are called in the writer thread; an empty one leaves the one that is there.
    void setCallbacks(std::function<void(const StoreChange&)> change,
                      std::function<void(const std::string&)> error);

    /// Runs on the writer thread; what it throws goes to the future.
    template <class Job>
    auto submit(Job job) {
        using Result = decltype(job());
        auto promise = std::make_shared<std::promise<Result>>();
        auto future = promise->get_future();
        post([promise, job = std::move(job)]() mutable {
            try {
                if constexpr (std::is_void_v<Result>) {
                    job();
                    promise->set_value();
                } else {
                    promise->set_value(job());
                }
            } catch (...) {
                promise->set_exception(std::current_exception());
            }
        });
        return future;
    }

    /// The same in a transaction, with the notice of what changed behind it.
    template <class Job>
    auto change(Job job) {
        return submit([this, job = std::move(job)]() mutable {
            StoreChange changed;
            using Result = decltype(job(changed));
            if constexpr (std::is_void_v<Result>) {
                WriteTransaction transaction(*m_database, m_series);
                job(changed);
                transaction.commit();
                notify(changed);
            } else {
                WriteTransaction transaction(*m_database, m_series);
                Result result = job(changed);
                transaction.commit();
                notify(changed);
                return result;
            }
        });
    }

    /// Until the run ends. Nothing for an unknown one.
    void follow(RowId run);
    void unfollow(RowId run);
    /// Reads a run's log to its end.
    std::future<void> ingest(RowId run);
    /// Rebuilds the store from the run directories below `root`; how many there are. Only for the writer
    /// thread.
    int reindex(const std::filesystem::path& root);

    /// Only for jobs.
    Database& database() { return *m_database; }
    SeriesIngest& series() { return m_series; }

  private:
    using Clock = std::chrono::steady_clock;
    /// A log that is being read: until its end (somebody waits for that), or until the run ends (it is
    /// followed).
    struct Reading {
        explicit Reading(LogReader reader) : log(std::move(reader)) {}
        LogReader log;
        bool followed = false, watched = false;
        std::vector<std::promise<void>> waiting;
        Clock::time_point due{}, last{};
        std::string toldError;
    };
    /// What another program's commits can have changed, seen from here.
    struct RunMark {
        std::int64_t offset;
        std::string state;
        bool operator==(const RunMark&) const = default;
    };

    void post(std::function<void()> job);
    void notify(const StoreChange& change);
    void startFollowing(RowId id);
    Reading& readingOf(RowId id);
    void readToEnd(RowId id);

    void run();
    int millisecondsToWait();
    void runJobs();
    void readLogs();
    void indexSomeTexts();
    void readLog(Reading& reading);
    void failed(Reading& reading, const std::exception_ptr& error);
    void dropIfDone(RowId id);

    std::vector<RowId> prepareReindex(const std::vector<std::filesystem::path>& directories);
    void pickUpOpenRuns();
    void readMissingLineage();
    std::int64_t dataVersion();
    std::map<RowId, RunMark> marks();
    void lookForOthers();
    void lookForJudgements(StoreChange& changed);

    const std::filesystem::path m_file;
    std::unique_ptr<Database> m_database;
    SeriesIngest m_series;
    std::map<RowId, Reading> m_readings;

    std::mutex m_mutex;
    std::deque<std::function<void()>> m_jobs;
    std::function<void(const StoreChange&)> m_onChange;
    std::function<void(const std::string&)> m_onError;
    std::atomic<bool> m_stopping = false;

    LogWatch m_watch;
    std::int64_t m_dataVersion = 0;
    std::map<RowId, RunMark> m_marks;
    std::int64_t m_judged = 0, m_queues = 0;
    Clock::time_point m_nextLook{};
    bool m_textsMissing = true;  ///< it may be that texts of traces are not in the search index yet
    std::thread m_thread;        // the last: it uses all of the above
};

}  // namespace retort
