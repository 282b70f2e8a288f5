#include "core/store/trace_conditions.h"

#include <algorithm>

namespace retort {
namespace {

std::size_t characters(const std::string& text) {
    std::size_t count = 0;
    for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    return count;
}

std::string likePattern(const std::string& text) {
    std::string pattern = "%";
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '\\') pattern += '\\';
        pattern += c;
    }
    return pattern + "%";
}

// At least two rewards, and no two that differ.
constexpr const char* ofZeroVariance =
    " AND traces.reward IS NOT NULL AND (SELECT count(*) > 1 AND min(other.reward) = max(other.reward) "
    "AND count(other.reward) = count(*) FROM traces AS other WHERE other.run_id = traces.run_id AND "
    "other.group_number = traces.group_number AND other.step = traces.step AND other.phase = traces.phase "
    "AND other.task = traces.task AND other.attempt = traces.attempt AND other.superseded = 0)";

// Of whom something holds; `who` narrows it down.
std::string annotatedTraces(const std::string& who) {
    return "(SELECT trace_id FROM marks WHERE trace_id IS NOT NULL AND EXISTS (SELECT 1 FROM "
           "annotation_events AS said WHERE said.mark_id = marks.id AND said.new_value IS NOT NULL " +
           who +
           " AND NOT EXISTS (SELECT 1 FROM annotation_events AS later WHERE later.mark_id = said.mark_id AND "
           "later.annotator_id = said.annotator_id AND later.kind = said.kind AND later.begin_byte = "
           "said.begin_byte AND later.end_byte = said.end_byte AND later.id > said.id)))";
}

}  // namespace

bool isIndexed(const std::string& text) {
    return characters(text) >= 3;
}

bool isAscii(const std::string& text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

std::string searchPhrase(const std::string& text) {
    std::string quoted = "\"";
    for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
    return quoted + "\"";
}

TraceConditions::TraceConditions(const TraceFilter& filter, TextSearch search, TraceAccess access)
    : m_column(access == TraceAccess::InOrder ? "+traces." : "traces.") {
    addColumns(filter, search != TextSearch::Row && isIndexed(filter.text));
    addSets(filter);
    addText(filter.text, search);
}

void TraceConditions::bind(Statement& statement) const {
    for (std::size_t i = 0; i < m_values.size(); ++i) m_values[i](statement, int(i));
}

void TraceConditions::addColumns(const TraceFilter& filter, bool byIndexOfText) {
    // A text is in few traces, a run has many: the plus keeps SQLite from starting with the run's index.
    if (filter.run != 0) add(byIndexOfText ? "+traces.run_id =" : "traces.run_id =", filter.run);
    if (filter.fromStep) add("traces.step >=", *filter.fromStep);
    if (filter.toStep) add("traces.step <=", *filter.toStep);
    if (filter.minReward) add(m_column + "reward >=", *filter.minReward);
    if (filter.maxReward) add(m_column + "reward <=", *filter.maxReward);
    if (filter.correct) add(m_column + "correct =", *filter.correct);
    if (filter.worked) add(m_column + "worked =", *filter.worked);
    if (!filter.phase.empty()) add(m_column + "phase =", filter.phase);
    if (!filter.task.empty()) add(m_column + "task =", filter.task);
    if (!filter.problemId.empty()) add(m_column + "problem =", filter.problemId);
    if (filter.minTokens) add(m_column + "num_tokens >=", *filter.minTokens);
    if (filter.maxTokens) add(m_column + "num_tokens <=", *filter.maxTokens);
    if (!filter.finish.empty()) add(m_column + "finish =", filter.finish);
    if (filter.ofGroup) add(m_column + "group_number =", *filter.ofGroup);
}

void TraceConditions::addSets(const TraceFilter& filter) {
    if (filter.lanesDisagree) sql += " AND " + m_column + "id IN (SELECT trace_id FROM disputed_traces)";
    if (filter.zeroVariance) sql += ofZeroVariance;
    if (filter.annotated)
        sql += " AND " + m_column + (*filter.annotated ? "id IN " : "id NOT IN ") + annotatedTraces("");
    if (filter.annotator.empty()) return;
    m_values.push_back([name = filter.annotator](Statement& row, int at) { row.bind(at, name); });
    sql += " AND " + m_column + "id IN " +
           annotatedTraces("AND said.annotator_id = (SELECT id FROM annotators WHERE name = ?" +
                           std::to_string(m_values.size()) + ")");
}

void TraceConditions::addPattern(const std::string& text) {
    m_values.push_back([pattern = likePattern(text)](Statement& row, int at) { row.bind(at, pattern); });
}

std::string TraceConditions::lastPattern() const {
    return "prompt || char(10) || completion LIKE ?" + std::to_string(m_values.size()) + " ESCAPE '\\'";
}

void TraceConditions::addText(const std::string& text, TextSearch search) {
    if (text.empty() || search == TextSearch::Not) return;
    if (isIndexed(text) && search == TextSearch::Index) {
        add("traces.id IN (SELECT rowid FROM trace_search WHERE trace_search MATCH", searchPhrase(text));
        addPattern(text);
        sql +=
            " UNION ALL SELECT trace_id FROM trace_texts WHERE trace_id > (SELECT through FROM text_index) "
            "AND " +
            lastPattern() + ")";
    } else if (isIndexed(text) && !isAscii(text)) {  // LIKE knows the cases of ASCII alone
        add("(EXISTS (SELECT 1 FROM trace_search WHERE rowid = traces.id AND trace_search MATCH",
            searchPhrase(text));
        addPattern(text);
        sql +=
            ") OR (traces.id > (SELECT through FROM text_index) AND EXISTS (SELECT 1 FROM trace_texts WHERE "
            "trace_id = traces.id AND " +
            lastPattern() + ")))";
    } else {
        addPattern(text);
        sql += " AND EXISTS (SELECT 1 FROM trace_texts WHERE trace_id = traces.id AND " + lastPattern() + ")";
    }
}

}  // namespace retort
