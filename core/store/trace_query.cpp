#include "core/store/trace_query.h"

#include <sqlite3.h>

#include <chrono>

#include "core/store/text_index.h"
#include "core/store/trace_conditions.h"

namespace retort {
namespace {

using std::chrono::milliseconds;

// A text that more traces have than these is looked for trace by trace, in the order of the list: a page is
// full soon. One that fewer have is looked up, and what is found is sorted.
constexpr std::int64_t manyHits = 10'000;

/// Stops what the connection does after a while.
class TimeLimit {
  public:
    TimeLimit(Database& database, milliseconds time)
        : m_db(database.handle()), m_end(std::chrono::steady_clock::now() + time) {
        sqlite3_progress_handler(m_db, 2000, isOver, this);
    }
    ~TimeLimit() { sqlite3_progress_handler(m_db, 0, nullptr, nullptr); }
    TimeLimit(const TimeLimit&) = delete;
    TimeLimit& operator=(const TimeLimit&) = delete;

    /// Like Statement::step(); absent when the time is over.
    std::optional<bool> step(Database& database, Statement& statement) const {
        const int code = sqlite3_step(statement.handle());
        if (code == SQLITE_ROW || code == SQLITE_DONE) return code == SQLITE_ROW;
        if (code == SQLITE_INTERRUPT) return std::nullopt;
        database.fail(code);
    }

  private:
    static int isOver(void* self) {
        return std::chrono::steady_clock::now() > static_cast<const TimeLimit*>(self)->m_end;
    }

    sqlite3* m_db;
    std::chrono::steady_clock::time_point m_end;
};

// Not of texts beyond ASCII: asking the index about one row after the other takes longer than asking once.
bool isFrequent(Database& database, const std::string& text) {
    if (!isIndexed(text) || !isAscii(text)) return false;
    Statement& row = database.prepared(
        "SELECT count(*) FROM (SELECT 1 FROM trace_search WHERE trace_search MATCH ?1 LIMIT ?2)");
    row.with(searchPhrase(text), manyHits).step();
    const bool frequent = row.integer(0) == manyHits;
    row.reset();
    return frequent;
}

/// Whether the index alone gives the traces that have the filter's text, one after the other.
bool indexGivesAll(Database& database, const TraceFilter& filter) {
    return isIndexed(filter.text) && isTextIndexComplete(database);
}

/// The traces of a filter, to be counted.
std::string fromAndWhere(const TraceFilter& filter, TraceConditions& conditions, bool fromIndex) {
    if (!fromIndex) return "FROM traces WHERE " + conditions.sql;
    conditions.add("trace_search MATCH", searchPhrase(filter.text));
    return "FROM trace_search CROSS JOIN traces ON traces.id = trace_search.rowid WHERE " + conditions.sql;
}

TextSearch searchForCount(bool fromIndex) {
    return fromIndex ? TextSearch::Not : TextSearch::Index;
}

/// `ids`: a query that gives a column `page_id`.
std::string rowsOf(const std::string& ids) {
    return "SELECT id, run_id, step, group_number, sample, num_tokens, phase, task, problem, finish, "
           "correct, "
           "worked, reward, advantage, step_accuracy, substr(prompt, 1, 240), substr(completion, 1, 240) "
           "FROM (" +
           ids + ") CROSS JOIN traces ON id = page_id CROSS JOIN trace_texts ON trace_id = page_id";
}

TraceRow readRow(const Statement& row) {
    TraceRow trace;
    trace.id = row.integer(0);
    trace.run = row.integer(1);
    trace.step = row.integer(2);
    trace.group = row.integer(3);
    trace.sample = std::int32_t(row.integer(4));
    trace.numTokens = std::int32_t(row.integer(5));
    trace.phase = row.text(6);
    trace.task = row.text(7);
    trace.problemId = row.text(8);
    trace.finish = row.text(9);
    trace.correct = row.integer(10) != 0;
    trace.worked = row.integer(11) != 0;
    trace.reward = row.optionalReal(12);
    trace.advantage = row.optionalReal(13);
    trace.stepAccuracy = row.optionalReal(14);
    trace.promptHead = row.text(15);
    trace.completionHead = row.text(16);
    return trace;
}

std::string pageSql(const TraceConditions& conditions, const std::string& page) {
    return rowsOf("SELECT id AS page_id FROM traces WHERE " + conditions.sql + page);
}

/// Absent when the time is over.
std::optional<std::vector<TraceRow>> readPage(Database& database, const TraceConditions& conditions,
                                              const std::string& page, const TimeLimit& limit) {
    Statement statement(database, pageSql(conditions, page));
    conditions.bind(statement);
    std::vector<TraceRow> rows;
    for (;;) {
        const auto isThere = limit.step(database, statement);
        if (!isThere) return std::nullopt;
        if (!*isThere) return rows;
        rows.push_back(readRow(statement));
    }
}

/// Whether it can be that so many pass that going through the list in its order fills a page soon. Where it
/// does not, little time is lost.
bool passesMany(const TraceFilter& filter) {
    return filter.problemId.empty() && !filter.ofGroup && filter.annotator.empty() &&
           !filter.annotated.value_or(false);
}

}  // namespace

// Each of these orders is that of an index, within one run and over all of them, so that a page needs no
// sort.
const char* orderOf(const TraceFilter& filter) {
    using Order = TraceFilter::Order;
    const bool oneRun = filter.run != 0;
    switch (filter.order) {
        case Order::Newest:
            return oneRun ? "traces.step DESC, traces.id DESC" : "traces.id DESC";
        case Order::Oldest:
            return oneRun ? "traces.step, traces.id" : "traces.id";
        case Order::RewardDown:
            return "traces.reward DESC, traces.id DESC";
        case Order::RewardUp:
            return "traces.reward, traces.id";
        case Order::LongestFirst:
            return "traces.num_tokens DESC, traces.id DESC";
        case Order::ShortestFirst:
            return "traces.num_tokens, traces.id";
    }
    return "traces.id";
}

std::int64_t countTraces(Database& database, const TraceFilter& filter) {
    const bool fromIndex = indexGivesAll(database, filter);
    TraceConditions conditions(filter, searchForCount(fromIndex));
    Statement statement(database, "SELECT count(*) " + fromAndWhere(filter, conditions, fromIndex));
    conditions.bind(statement);
    return statement.step() ? statement.integer(0) : 0;
}

TraceCount countTraces(Database& database, const TraceFilter& filter, std::int64_t most) {
    const bool fromIndex = indexGivesAll(database, filter);
    TraceConditions conditions(filter, searchForCount(fromIndex));
    const std::string traces = fromAndWhere(filter, conditions, fromIndex);
    {
        const TimeLimit limit(database, milliseconds(80));
        Statement all(database, "SELECT count(*) " + traces);
        conditions.bind(all);
        if (limit.step(database, all)) return {all.integer(0), true};
    }
    const TimeLimit limit(database, milliseconds(40));
    Statement rows(database, "SELECT 1 " + traces);
    conditions.bind(rows);
    for (TraceCount count; count.traces < most; ++count.traces) {
        const auto isThere = limit.step(database, rows);
        if (!isThere) return count;
        if (!*isThere) return {count.traces, true};
    }
    return {most, false};
}

std::vector<TraceRow> listTraces(Database& database, const TraceFilter& filter, std::int64_t offset,
                                 std::int64_t limit) {
    const TextSearch search = isFrequent(database, filter.text) ? TextSearch::Row : TextSearch::Index;
    const std::string page = std::string(" ORDER BY ") + orderOf(filter) + " LIMIT " + std::to_string(limit) +
                             " OFFSET " + std::to_string(offset);
    // Texts that are not in the index yet cannot be counted soon either: it may be that most traces have it.
    const bool maybeFrequent = search == TextSearch::Row || !isTextIndexComplete(database);
    if (passesMany(filter) && (filter.text.empty() || maybeFrequent)) {
        const TraceConditions inOrder(filter, TextSearch::Row, TraceAccess::InOrder);
        const TimeLimit soon(database, milliseconds(40));
        if (auto rows = readPage(database, inOrder, page, soon)) return std::move(*rows);
    }
    const TraceConditions conditions(filter, search);
    Statement statement(database, pageSql(conditions, page));
    conditions.bind(statement);
    std::vector<TraceRow> rows;
    while (statement.step()) rows.push_back(readRow(statement));
    return rows;
}

std::vector<TraceRow> listTracesAfter(Database& database, const TraceFilter& filter, RowId after,
                                      std::int64_t limit) {
    const bool fromIndex = indexGivesAll(database, filter);
    TraceConditions conditions(filter, searchForCount(fromIndex));
    conditions.add(fromIndex ? "trace_search.rowid >" : "traces.id >", after);
    // In order of the ids whatever else is asked for: no other index would go on where the last page ended.
    const std::string ids =
        fromIndex ? "SELECT traces.id AS page_id " + fromAndWhere(filter, conditions, true) +
                        " ORDER BY trace_search.rowid"
                  : "SELECT id AS page_id FROM traces NOT INDEXED WHERE " + conditions.sql + " ORDER BY id";
    Statement statement(database, rowsOf(ids + " LIMIT " + std::to_string(limit)));
    conditions.bind(statement);
    std::vector<TraceRow> rows;
    while (statement.step()) rows.push_back(readRow(statement));
    return rows;
}

std::vector<RowId> groupOfTrace(Database& database, RowId id) {
    Statement& rows = database.prepared(
        "SELECT other.id FROM traces AS one JOIN traces AS other ON other.run_id = one.run_id AND "
        "other.step = one.step AND other.phase = one.phase AND other.task = one.task AND "
        "other.group_number = one.group_number AND other.attempt = one.attempt AND other.superseded = "
        "one.superseded "
        "WHERE one.id = ?1 ORDER BY other.sample, other.id");
    std::vector<RowId> ids;
    for (rows.with(id); rows.step();) ids.push_back(rows.integer(0));
    rows.reset();
    return ids;
}

}  // namespace retort
