// A filter of traces as SQL.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/store/rows.h"
#include "core/store/sqlite.h"

namespace retort {

/// Texts of this length and more are in the search index, which knows trigrams.
bool isIndexed(const std::string& text);
/// Whether LIKE finds it in the cases that the index finds it in.
bool isAscii(const std::string& text);
/// The text as one phrase of the search index, so that operators and quotes in it are only characters.
std::string searchPhrase(const std::string& text);

/// How a text is looked for.
enum class TextSearch {
    /// All traces that have it are found first: right where they are few. Those that are not in the index yet
    /// are
    /// read (text_index.h), and of their texts only ASCII is found in any case.
    Index,
    Row,  ///< each trace that the other conditions let through is asked: right where most have it
    Not   ///< left out: somebody else joins the search index
};

/// Which index SQLite may start from.
enum class TraceAccess {
    Any,     ///< the one that it thinks narrows most; what it finds is sorted
    InOrder  ///< that of the list's order: the first page is there as soon as enough rows passed
};

/// The WHERE clause of a filter over `traces`, and what to bind to it.
struct TraceConditions {
    explicit TraceConditions(const TraceFilter& filter, TextSearch search = TextSearch::Index,
                             TraceAccess access = TraceAccess::Any);

    std::string sql = "traces.superseded = 0";
    /// A further condition, `sql` ending before its value.
    template <class T>
    void add(const std::string& condition, T value) {
        m_values.push_back(
            [value = std::move(value)](Statement& statement, int at) { statement.bind(at, value); });
        sql += " AND " + condition + " ?" + std::to_string(m_values.size());
    }
    void bind(Statement& statement) const;

  private:
    void addColumns(const TraceFilter& filter, bool byIndexOfText);
    void addSets(const TraceFilter& filter);
    void addText(const std::string& text, TextSearch search);
    void addPattern(const std::string& text);
    /// That a row of trace_texts has the text of the pattern that was added last.
    std::string lastPattern() const;

    /// A plus before a column keeps SQLite from using an index for it.
    std::string m_column;
    std::vector<std::function<void(Statement&, int)>> m_values;
};

}  // namespace retort
