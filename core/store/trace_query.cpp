#include "core/store/trace_query.h"

#include <functional>

namespace retort {
namespace {

// The WHERE clause of a filter, and what to bind to it.
struct Conditions {
    std::string sql = "traces.superseded = 0";
    std::vector<std::function<void(Statement&, int)>> values;

    template <class T>
    void add(const std::string& condition, T value) {
        values.push_back(
            [value = std::move(value)](Statement& statement, int at) { statement.bind(at, value); });
        sql += " AND " + condition + " ?" + std::to_string(values.size());
    }
    void close(const char* text) { sql += text; }

    void bind(Statement& statement) const {
        for (std::size_t i = 0; i < values.size(); ++i) values[i](statement, int(i));
    }
};

std::size_t characters(const std::string& text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return count;
}

// The text as one phrase, so that operators and quotes in it are only characters.
std::string phrase(const std::string& text) {
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

std::string likePattern(const std::string& text) {
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

void addText(Conditions& conditions, const std::string& text) {
    if (text.empty()) return;
    if (characters(text) >= 3) {
        conditions.add("traces.id IN (SELECT rowid FROM trace_search WHERE trace_search MATCH", phrase(text));
        conditions.close(")");
        return;
    }
    // The index knows trigrams: one or two characters are looked for in the texts themselves.
    conditions.add(
        "EXISTS (SELECT 1 FROM trace_texts WHERE trace_id = traces.id AND prompt || char(10) || completion "
        "LIKE",
        likePattern(text));
    conditions.close(" ESCAPE '\\')");
}

Conditions conditionsOf(const TraceFilter& filter) {
    Conditions c;
    // A text is in few traces, a run has many: the plus keeps SQLite from starting with the run's index.
    const bool searches = characters(filter.text) >= 3;
    if (filter.run != 0) c.add(searches ? "+traces.run_id =" : "traces.run_id =", filter.run);
    if (filter.fromStep) c.add("traces.step >=", *filter.fromStep);
    if (filter.toStep) c.add("traces.step <=", *filter.toStep);
    if (filter.minReward) c.add("traces.reward >=", *filter.minReward);
    if (filter.maxReward) c.add("traces.reward <=", *filter.maxReward);
    if (filter.correct) c.add("traces.correct =", *filter.correct);
    if (filter.worked) c.add("traces.worked =", *filter.worked);
    if (!filter.phase.empty()) c.add("traces.phase =", filter.phase);
    if (!filter.task.empty()) c.add("traces.task =", filter.task);
    if (!filter.problemId.empty()) c.add("traces.problem =", filter.problemId);
    addText(c, filter.text);
    return c;
}

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

}  // namespace

std::int64_t countTraces(Database& database, const TraceFilter& filter) {
    const Conditions conditions = conditionsOf(filter);
    Statement statement(database, "SELECT count(*) FROM traces WHERE " + conditions.sql);
    conditions.bind(statement);
    return statement.step() ? statement.integer(0) : 0;
}

std::vector<TraceRow> listTraces(Database& database, const TraceFilter& filter, std::int64_t offset,
                                 std::int64_t limit) {
    const Conditions conditions = conditionsOf(filter);
    const std::string limits = std::to_string(limit) + " OFFSET " + std::to_string(offset);
    // The page is found in the narrow table first; only its rows read their texts.
    Statement statement(
        database,
        "SELECT id, run_id, step, group_number, sample, num_tokens, phase, task, problem, finish, correct, "
        "worked, reward, advantage, step_accuracy, substr(prompt, 1, 240), substr(completion, 1, 240) "
        "FROM (SELECT * FROM traces WHERE " +
            conditions.sql + " ORDER BY " + orderOf(filter) + " LIMIT " + limits +
            ") JOIN trace_texts ON trace_id = id");
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
