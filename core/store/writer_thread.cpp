#include "core/store/writer_thread.h"

#include "core/store/event_ingest.h"
#include "core/store/lineage_rows.h"
#include "core/store/maintenance.h"
#include "core/store/mark_rows.h"
#include "core/store/queue_rows.h"
#include "core/store/run_writing.h"
#include "core/store/store_file.h"
#include "core/store/text_index.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

using std::chrono::milliseconds;

// Lines that come one by one are gathered this long before they are committed together.
constexpr auto gatherInterval = milliseconds(10);
// Every log is looked at this often even if the system says nothing (network file systems tell nobody) …
constexpr auto lookInterval = milliseconds(250);
// … and this often where it cannot be asked to.
constexpr auto pollInterval = milliseconds(20);
constexpr auto retryInterval = milliseconds(1000);
// What is indexed in one go: a tenth of a second, in which a live curve may wait.
constexpr std::size_t indexedAtOnce = 1 << 20;

bool isEmpty(const StoreChange& change) {
    return !change.runsChanged && change.runs.empty() && change.seriesRuns.empty() &&
           change.traceRuns.empty() && change.evaluationRuns.empty() && !change.lineageChanged &&
           change.judgedTraces.empty() && !change.queuesChanged && !change.machinesChanged &&
           !change.runQueueChanged;
}

}  // namespace

WriterThread::WriterThread(const fs::path& path)
    : m_file(path), m_database(openStoreForWriting(path)), m_series(*m_database) {
    m_dataVersion = dataVersion();
    m_marks = marks();
    m_judged = lastJudged(*m_database);
    m_queues = queuesVersion(*m_database);
    pickUpOpenRuns();
    readMissingLineage();
    m_thread = std::thread([this] { run(); });
}

WriterThread::~WriterThread() {
    m_stopping = true;
    m_watch.wake();
    m_thread.join();
}

void WriterThread::setCallbacks(std::function<void(const StoreChange&)> change,
                                std::function<void(const std::string&)> error) {
    const std::lock_guard lock(m_mutex);
    if (change) m_onChange = std::move(change);
    if (error) m_onError = std::move(error);
}

void WriterThread::post(std::function<void()> job) {
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::move(job));
    }
    m_watch.wake();
}

void WriterThread::startFollowing(RowId id) {
    Reading& reading = readingOf(id);
    reading.followed = true;
    if (!reading.watched) reading.watched = m_watch.add(id, reading.log.directory());
    reading.due = Clock::now();
}

void WriterThread::follow(RowId run) {
    post([this, run] {
        try {
            startFollowing(run);
        } catch (const Error&) {
            // An unknown run has nothing to follow.
        }
    });
}

void WriterThread::unfollow(RowId run) {
    post([this, run] {
        const auto found = m_readings.find(run);
        if (found == m_readings.end()) return;
        found->second.followed = false;
        dropIfDone(run);
    });
}

std::future<void> WriterThread::ingest(RowId run) {
    auto promise = std::make_shared<std::promise<void>>();
    auto future = promise->get_future();
    post([this, run, promise] {
        try {
            Reading& reading = readingOf(run);
            reading.waiting.push_back(std::move(*promise));
            reading.due = Clock::now();
        } catch (...) {
            promise->set_exception(std::current_exception());
        }
    });
    return future;
}

WriterThread::Reading& WriterThread::readingOf(RowId id) {
    const auto found = m_readings.find(id);
    if (found != m_readings.end()) return found->second;
    return m_readings.emplace(id, Reading(LogReader(*m_database, m_series, id))).first->second;
}

void WriterThread::readToEnd(RowId id) {
    LogReader log(*m_database, m_series, id);
    for (bool atEnd = false; !atEnd;) {
        StoreChange changed;
        const auto result = log.readBatch(changed);
        notify(changed);
        atEnd = result.atEnd;
    }
}

int WriterThread::reindex(const fs::path& root) {
    const std::vector<fs::path> found = runDirectoriesBelow(root);
    for (const RowId id : prepareReindex(found)) readToEnd(id);
    StoreChange changed;
    changed.runsChanged = true;
    changed.lineageChanged = true;
    notify(changed);
    pickUpOpenRuns();
    return int(found.size());
}

void WriterThread::notify(const StoreChange& change) {
    if (isEmpty(change)) return;
    m_textsMissing |= !change.traceRuns.empty();
    std::function<void(const StoreChange&)> callback;
    {
        const std::lock_guard lock(m_mutex);
        callback = m_onChange;
    }
    if (callback) callback(change);
}

void WriterThread::run() {
    while (true) {
        for (const RowId id : m_watch.wait(millisecondsToWait()))
            if (const auto found = m_readings.find(id); found != m_readings.end())
                found->second.due = std::min(found->second.due, found->second.last + gatherInterval);
        const bool stopping = m_stopping;
        runJobs();
        if (stopping) break;
        readLogs();
        lookForOthers();
        indexSomeTexts();
    }
    m_readings.clear();
}

int WriterThread::millisecondsToWait() {
    {
        const std::lock_guard lock(m_mutex);
        if (!m_jobs.empty()) return 0;
    }
    auto next = Clock::now() + (m_textsMissing ? milliseconds(0) : lookInterval);
    for (const auto& [id, reading] : m_readings) next = std::min(next, reading.due);
    const auto left = std::chrono::ceil<milliseconds>(next - Clock::now()).count();
    return int(std::max<std::int64_t>(left, 0));
}

void WriterThread::runJobs() {
    std::deque<std::function<void()>> jobs;
    {
        const std::lock_guard lock(m_mutex);
        jobs.swap(m_jobs);
    }
    for (auto& job : jobs) job();
}

// One batch of each log that is due, so that a long one keeps nobody waiting.
void WriterThread::readLogs() {
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

void WriterThread::readLog(Reading& reading) {
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

void WriterThread::failed(Reading& reading, const std::exception_ptr& error) {
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

// When nobody waits for anything else.
void WriterThread::indexSomeTexts() {
    if (!m_textsMissing) return;
    const auto now = Clock::now();
    for (const auto& [id, reading] : m_readings)
        if (reading.due <= now) return;
    try {
        m_textsMissing = indexTexts(*m_database, indexedAtOnce);
    } catch (const Error&) {
        m_textsMissing = false;  // a full disk, or a lock that others keep: tried again at the next change
    }
}

void WriterThread::dropIfDone(RowId id) {
    const auto found = m_readings.find(id);
    if (found == m_readings.end() || found->second.followed || !found->second.waiting.empty()) return;
    m_watch.remove(id);
    m_readings.erase(found);
}

// Adds what is new, and forgets of the rest what its log says. A run without a log (imported points)
// keeps all.
std::vector<RowId> WriterThread::prepareReindex(const std::vector<fs::path>& directories) {
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
void WriterThread::pickUpOpenRuns() {
    std::vector<RowId> open;
    Statement rows(*m_database,
                   "SELECT id FROM runs WHERE state IN ('running', 'paused') AND directory <> ''");
    while (rows.step()) open.push_back(rows.integer(0));
    rows.reset();
    for (const RowId id : open) startFollowing(id);
}

// Of a store that an earlier version wrote.
void WriterThread::readMissingLineage() {
    const std::vector<RowId> runs = runsWithoutLineage(*m_database);
    if (runs.empty()) return;
    WriteTransaction transaction(*m_database, m_series);
    for (const RowId id : runs) indexRunLineage(*m_database, id);
    transaction.commit();
}

std::int64_t WriterThread::dataVersion() {
    Statement& row = m_database->prepared("PRAGMA data_version");
    row.with().step();
    const std::int64_t version = row.integer(0);
    row.reset();
    return version;
}

std::map<RowId, WriterThread::RunMark> WriterThread::marks() {
    std::map<RowId, RunMark> all;
    Statement& rows = m_database->prepared("SELECT id, log_offset, state FROM runs");
    for (rows.with(); rows.step();) all[rows.integer(0)] = {rows.integer(1), rows.text(2)};
    rows.reset();
    return all;
}

void WriterThread::lookForJudgements(StoreChange& changed) {
    changed.judgedTraces = judgedSince(*m_database, m_judged);
    m_judged = lastJudged(*m_database);
    const std::int64_t queues = queuesVersion(*m_database);
    changed.queuesChanged = queues != m_queues || !changed.judgedTraces.empty();
    m_queues = queues;
}

// Another program on the same store: its changes are news here too.
void WriterThread::lookForOthers() {
    if (Clock::now() < m_nextLook) return;
    m_nextLook = Clock::now() + lookInterval;
    try {
        const std::int64_t version = dataVersion();
        if (version == m_dataVersion) return;
        m_dataVersion = version;
        StoreChange changed;
        changed.runsChanged = true;
        changed.lineageChanged = true;
        changed.runQueueChanged = true;
        auto now = marks();
        for (const auto& [id, mark] : now)
            if (const auto before = m_marks.find(id); before == m_marks.end() || !(before->second == mark))
                for (auto* ids :
                     {&changed.runs, &changed.seriesRuns, &changed.traceRuns, &changed.evaluationRuns})
                    noteRow(*ids, id);
        m_marks = std::move(now);
        lookForJudgements(changed);
        notify(changed);
    } catch (const Error&) {
        // Locked for the moment: asked again at the next look.
    }
}

}  // namespace retort
