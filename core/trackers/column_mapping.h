// Which columns of a table, or members of JSON lines, hold what.
#pragma once

#include <string>
#include <vector>

namespace retort {

/// Names; an empty one is found by the names that are usual, or there is none.
struct ColumnMapping {
    std::string step;    ///< whole numbers
    std::string time;    ///< Unix time in s or ms, or ISO 8601
    std::string run;     ///< rows of several runs in one file
    std::string series;  ///< long form: this column names the metric …
    std::string value;   ///< … and this one has its value
    bool operator==(const ColumnMapping&) const = default;

    bool isEmpty() const { return *this == ColumnMapping{}; }
    bool isLong() const { return !series.empty() && !value.empty(); }
};

/// "step=iteration,time=stamp". Throws Error for another name than the five, or one that is said twice.
ColumnMapping columnMappingOf(const std::string& text);
/// What the text would be.
std::string toText(const ColumnMapping& mapping);

/// The mapping with what is usual filled in, of the names that a file has. Names that it does not have are an
/// Error, which lists those it has; `where` is told.
ColumnMapping completed(ColumnMapping mapping, const std::vector<std::string>& names,
                        const std::string& where);

}  // namespace retort
