#include <atomic>
#include <chrono>
#include <deque>
#include <map>
#include <mutex>
#include <thread>

#include "core/store/comparison_rows.h"
#include "core/store/event_ingest.h"
#include "core/store/lineage_rows.h"
#include "core/store/log_reader.h"
#include "core/store/log_watch.h"
#include "core/store/maintenance.h"
#include "core/store/run_writing.h"
#include "core/store/store.h"
#include "core/store/store_file.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// Lines that come one by one are gathered this long before they are committed together.
constexpr auto gatherInterval = milliseconds(10);
// Every log is looked at this often even if the system says nothing (network file systems tell nobody) …
constexpr auto lookInterval = milliseconds(250);
// … and this often where it cannot be asked to.
constexpr auto pollInterval = milliseconds(20);
constexpr auto retryInterval = milliseconds(1000);

bool isEmpty(const StoreChange& change) {
    return !change.runsChanged && change.runs.empty() && change.seriesRuns.empty() &&
           change.traceRuns.empty() && change.evaluationRuns.empty() && !change.lineageChanged;
}

// A log that is being read: until its end (somebody waits for that), or until the run ends (it is followed).
struct Reading {
    explicit Reading(LogReader reader) : log(std::move(reader)) {}
    LogReader log;
    bool followed = false, watched = false;
    std::vector<std::promise<void>> waiting;
    Clock::time_point due{}, last{};
    std::string toldError;
};

// What another program's commits can have changed, seen from here.
struct RunMark {
    std::int64_t offset;
    std::string state;
    bool operator==(const RunMark&) const = default;
};

}  // namespace

struct StoreWriter::Impl {
    explicit Impl(const fs::path& path)
        : m_file(path), m_database(openStoreForWriting(path)), m_series(*m_database) {
        m_dataVersion = dataVersion();
        m_marks = marks();
        pickUpOpenRuns();
        readMissingLineage();
        m_thread = std::thread([this] { run(); });
    }

    ~Impl() {
        m_stopping = true;
        m_watch.wake();
        m_thread.join();
    }

    void setCallbacks(std::function<void(const StoreChange&)> change,
                      std::function<void(const std::string&)> error) {
        const std::lock_guard lock(m_mutex);
        if (change) m_onChange = std::move(change);
        if (error) m_onError = std::move(error);
    }

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

    void post(std::function<void()> job) {
        {
            const std::lock_guard lock(m_mutex);
            m_jobs.push_back(std::move(job));
        }
        m_watch.wake();
    }

    void follow(RowId id) {
        Reading& reading = readingOf(id);
        reading.followed = true;
        if (!reading.watched) reading.watched = m_watch.add(id, reading.log.directory());
        reading.due = Clock::now();
    }

    void unfollow(RowId id) {
        const auto found = m_readings.find(id);
        if (found == m_readings.end()) return;
        found->second.followed = false;
        dropIfDone(id);
    }

    Reading& readingOf(RowId id) {
        const auto found = m_readings.find(id);
        if (found != m_readings.end()) return found->second;
        return m_readings.emplace(id, Reading(LogReader(*m_database, m_series, id))).first->second;
    }

    /// Reads a log to its end at once. Only for the writer thread.
    void readToEnd(RowId id) {
        LogReader log(*m_database, m_series, id);
        for (bool atEnd = false; !atEnd;) {
            StoreChange changed;
            const auto result = log.readBatch(changed);
            notify(changed);
            atEnd = result.atEnd;
        }
    }

    int reindex(const fs::path& root) {
        const std::vector<fs::path> found = runDirectoriesBelow(root);
        for (const RowId id : prepareReindex(found)) readToEnd(id);
        StoreChange changed;
        changed.runsChanged = true;
        changed.lineageChanged = true;
        notify(changed);
        pickUpOpenRuns();
        return int(found.size());
    }

    void notify(const StoreChange& change) {
        if (isEmpty(change)) return;
        std::function<void(const StoreChange&)> callback;
        {
            const std::lock_guard lock(m_mutex);
            callback = m_onChange;
        }
        if (callback) callback(change);
    }

    const fs::path m_file;
    std::unique_ptr<Database> m_database;
    SeriesIngest m_series;
    std::map<RowId, Reading> m_readings;

  private:
    void run() {
        while (true) {
            for (const RowId id : m_watch.wait(millisecondsToWait()))
                if (const auto found = m_readings.find(id); found != m_readings.end())
                    found->second.due = std::min(found->second.due, found->second.last + gatherInterval);
            const bool stopping = m_stopping;
            runJobs();
            if (stopping) break;
            readLogs();
            lookForOthers();
        }
        m_readings.clear();
    }

    int millisecondsToWait() {
        {
            const std::lock_guard lock(m_mutex);
            if (!m_jobs.empty()) return 0;
        }
        auto next = Clock::now() + lookInterval;
        for (const auto& [id, reading] : m_readings) next = std::min(next, reading.due);
        const auto left = std::chrono::ceil<milliseconds>(next - Clock::now()).count();
        return int(std::max<std::int64_t>(left, 0));
    }

    void runJobs() {
        std::deque<std::function<void()>> jobs;
        {
            const std::lock_guard lock(m_mutex);
            jobs.swap(m_jobs);
        }
        for (auto& job : jobs) job();
    }

    // One batch of each log that is due, so that a long one keeps nobody waiting.
    void readLogs() {
        std::vector<RowId> due;
        const auto now = Clock::now();
        for (const auto& [id, reading] : m_readings)
            if (reading.due <= now) due.push_back(id);
        for (const RowId id : due) {
            Reading& reading = m_readings.at(id);
            try {
                readLog(reading);
                reading.toldError.clear();
            } catch (...) {
                failed(reading, std::current_exception());
            }
            dropIfDone(id);
        }
    }

    void readLog(Reading& reading) {
        StoreChange changed;
        const auto result = reading.log.readBatch(changed);
        reading.last = Clock::now();
        reading.due =
            result.atEnd ? reading.last + (reading.watched ? lookInterval : pollInterval) : reading.last;
        if (result.atEnd && result.outcome == LogReader::Outcome::Nothing && reading.followed)
            reading.log.noteIfLost(changed);
        notify(changed);
        if (!result.atEnd) return;
        for (auto& promise : reading.waiting) promise.set_value();
        reading.waiting.clear();
        if (reading.log.hasEnded()) reading.followed = false;
    }

    void failed(Reading& reading, const std::exception_ptr& error) {
        reading.due = Clock::now() + retryInterval;
        for (auto& promise : reading.waiting) promise.set_exception(error);
        reading.waiting.clear();
        std::string text;
        try {
            std::rethrow_exception(error);
        } catch (const std::exception& exception) {
            text = exception.what();
        }
        if (text == reading.toldError || !reading.followed) return;
        reading.toldError = text;
        std::function<void(const std::string&)> callback;
        {
            const std::lock_guard lock(m_mutex);
            callback = m_onError;
        }
        if (callback) callback(text);
    }

    void dropIfDone(RowId id) {
        const auto found = m_readings.find(id);
        if (found == m_readings.end() || found->second.followed || !found->second.waiting.empty()) return;
        m_watch.remove(id);
        m_readings.erase(found);
    }

    // Adds what is new, and forgets of the rest what its log says. A run without a log (imported points)
    // keeps all.
    std::vector<RowId> prepareReindex(const std::vector<fs::path>& directories) {
        std::vector<RowId> runs;
        WriteTransaction transaction(*m_database, m_series);
        for (const fs::path& path : directories)
            indexRunLineage(*m_database, addRunRow(*m_database, RunDirectory::open(path), ""));
        refreshLineageFolders(*m_database);
        Statement known(*m_database, "SELECT id, directory FROM runs WHERE directory <> ''");
        std::error_code code;
        while (known.step())
            if (fs::file_size(fs::path(known.text(1)) / "events.jsonl", code) > 0 && !code)
                runs.push_back(known.integer(0));
        known.reset();
        for (const RowId id : runs) forgetLog(*m_database, id);
        m_series.forget();
        transaction.commit();
        return runs;
    }

    // Runs that were going when a store was last open: they still are, or they are lost.
    void pickUpOpenRuns() {
        std::vector<RowId> open;
        Statement rows(*m_database,
                       "SELECT id FROM runs WHERE state IN ('running', 'paused') AND directory <> ''");
        while (rows.step()) open.push_back(rows.integer(0));
        rows.reset();
        for (const RowId id : open) follow(id);
    }

    // Of a store that an earlier version wrote.
    void readMissingLineage() {
        const std::vector<RowId> runs = runsWithoutLineage(*m_database);
        if (runs.empty()) return;
        WriteTransaction transaction(*m_database, m_series);
        for (const RowId id : runs) indexRunLineage(*m_database, id);
        transaction.commit();
    }

    std::int64_t dataVersion() {
        Statement& row = m_database->prepared("PRAGMA data_version");
        row.with().step();
        const std::int64_t version = row.integer(0);
        row.reset();
        return version;
    }

    std::map<RowId, RunMark> marks() {
        std::map<RowId, RunMark> all;
        Statement& rows = m_database->prepared("SELECT id, log_offset, state FROM runs");
        for (rows.with(); rows.step();) all[rows.integer(0)] = {rows.integer(1), rows.text(2)};
        rows.reset();
        return all;
    }

    // Another program on the same store: its changes are news here too.
    void lookForOthers() {
        if (Clock::now() < m_nextLook) return;
        m_nextLook = Clock::now() + lookInterval;
        try {
            const std::int64_t version = dataVersion();
            if (version == m_dataVersion) return;
            m_dataVersion = version;
            StoreChange changed;
            changed.runsChanged = true;
            changed.lineageChanged = true;
            auto now = marks();
            for (const auto& [id, mark] : now)
                if (const auto before = m_marks.find(id);
                    before == m_marks.end() || !(before->second == mark))
                    for (auto* ids :
                         {&changed.runs, &changed.seriesRuns, &changed.traceRuns, &changed.evaluationRuns})
                        noteRow(*ids, id);
            m_marks = std::move(now);
            notify(changed);
        } catch (const Error&) {
            // Locked for the moment: asked again at the next look.
        }
    }

    std::mutex m_mutex;
    std::deque<std::function<void()>> m_jobs;
    std::function<void(const StoreChange&)> m_onChange;
    std::function<void(const std::string&)> m_onError;
    std::atomic<bool> m_stopping = false;

    LogWatch m_watch;
    std::int64_t m_dataVersion = 0;
    std::map<RowId, RunMark> m_marks;
    Clock::time_point m_nextLook{};
    std::thread m_thread;
};

StoreWriter::StoreWriter(const fs::path& file) : m_impl(std::make_unique<Impl>(file)) {}
StoreWriter::~StoreWriter() = default;

const fs::path& StoreWriter::file() const {
    return m_impl->m_file;
}

void StoreWriter::onChange(std::function<void(const StoreChange&)> callback) {
    m_impl->setCallbacks(std::move(callback), nullptr);
}

void StoreWriter::onError(std::function<void(const std::string&)> callback) {
    m_impl->setCallbacks(nullptr, std::move(callback));
}

std::future<RowId> StoreWriter::addRun(const RunDirectory& run, const std::string& backend) {
    return m_impl->change([this, run, backend](StoreChange& changed) {
        changed.runsChanged = true;
        changed.lineageChanged = true;
        const RowId id = addRunRow(*m_impl->m_database, run, backend);
        indexRunLineage(*m_impl->m_database, id);
        return id;
    });
}

void StoreWriter::follow(RowId run) {
    m_impl->post([this, run] {
        try {
            m_impl->follow(run);
        } catch (const Error&) {
            // An unknown run has nothing to follow.
        }
    });
}

void StoreWriter::unfollow(RowId run) {
    m_impl->post([this, run] { m_impl->unfollow(run); });
}

std::future<void> StoreWriter::ingest(RowId run) {
    auto promise = std::make_shared<std::promise<void>>();
    auto future = promise->get_future();
    m_impl->post([this, run, promise] {
        try {
            Reading& reading = m_impl->readingOf(run);
            reading.waiting.push_back(std::move(*promise));
            reading.due = Clock::now();
        } catch (...) {
            promise->set_exception(std::current_exception());
        }
    });
    return future;
}

std::future<void> StoreWriter::setState(RowId run, const std::string& state, const std::string& error) {
    return m_impl->change([this, run, state, error](StoreChange& changed) {
        setRunState(*m_impl->m_database, run, state, error);
        noteRow(changed.runs, run);
    });
}

std::future<void> StoreWriter::rename(RowId run, const std::string& name) {
    return m_impl->change([this, run, name](StoreChange& changed) {
        requireRun(*m_impl->m_database, run);
        m_impl->m_database->prepared("UPDATE runs SET name = ?2 WHERE id = ?1").run(run, name);
        noteRow(changed.runs, run);
        changed.lineageChanged = true;
    });
}

std::future<void> StoreWriter::setTags(RowId run, const std::vector<std::string>& tags) {
    return m_impl->change([this, run, tags](StoreChange& changed) {
        setRunTags(*m_impl->m_database, run, tags);
        noteRow(changed.runs, run);
    });
}

std::future<void> StoreWriter::setNotes(RowId run, const std::string& notes) {
    return m_impl->change([this, run, notes](StoreChange& changed) {
        requireRun(*m_impl->m_database, run);
        m_impl->m_database->prepared("UPDATE runs SET notes = ?2 WHERE id = ?1").run(run, notes);
        noteRow(changed.runs, run);
    });
}

std::future<void> StoreWriter::setArchived(const std::vector<RowId>& runs, bool archived) {
    return m_impl->change([this, runs, archived](StoreChange& changed) {
        for (const RowId run : runs) {
            requireRun(*m_impl->m_database, run);
            m_impl->m_database->prepared("UPDATE runs SET archived = ?2 WHERE id = ?1").run(run, archived);
            noteRow(changed.runs, run);
        }
        changed.runsChanged = true;
    });
}

std::future<void> StoreWriter::setSetting(const std::string& key, const Json& value) {
    return m_impl->change([this, key, text = value.dump()](StoreChange&) {
        m_impl->m_database
            ->prepared(
                "INSERT INTO settings VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value")
            .run(key, text);
    });
}

std::future<RowId> StoreWriter::saveComparison(const SavedComparison& comparison) {
    return m_impl->change(
        [this, comparison](StoreChange&) { return retort::saveComparison(*m_impl->m_database, comparison); });
}

std::future<void> StoreWriter::removeComparison(RowId id) {
    return m_impl->change([this, id](StoreChange&) { retort::removeComparison(*m_impl->m_database, id); });
}

std::future<void> StoreWriter::addLineageFolder(const fs::path& folder) {
    return m_impl->change([this, folder](StoreChange& changed) {
        indexFolderLineage(*m_impl->m_database, folder);
        changed.lineageChanged = true;
    });
}

std::future<void> StoreWriter::setContentHash(const fs::path& folder, const std::string& hash) {
    return m_impl->change([this, folder, hash](StoreChange& changed) {
        rememberContentHash(*m_impl->m_database, folder, weightFilesOf(folder), hash);
        changed.lineageChanged = true;
    });
}

std::future<void> StoreWriter::addPoints(PointBatch batch) {
    return m_impl->change([this, batch = std::move(batch)](StoreChange& changed) {
        requireRun(*m_impl->m_database, batch.run);
        if (batch.names.size() != batch.points.size())
            throw Error("a batch needs as many names as lists of points");
        for (std::size_t i = 0; i < batch.names.size(); ++i)
            m_impl->m_series.add(batch.run, batch.names[i], batch.points[i]);
        m_impl->m_series.flush();
        noteRow(changed.runs, batch.run);
        noteRow(changed.seriesRuns, batch.run);
    });
}

std::future<int> StoreWriter::reindex(const fs::path& root) {
    return m_impl->submit([this, root] { return m_impl->reindex(root); });
}

std::future<void> StoreWriter::backup(const fs::path& target) {
    return m_impl->submit([this, target] { backupStore(*m_impl->m_database, target); });
}

std::future<void> StoreWriter::compact() {
    return m_impl->submit([this] { compactStore(*m_impl->m_database); });
}

}  // namespace retort
