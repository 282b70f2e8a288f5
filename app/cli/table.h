// Text for terminals: aligned columns, numbers of a readable length, sparklines.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace retort::cli {

/// Columns in the terminal that UTF-8 text takes (one a code point; combining marks and wide letters do not
/// occur in what we print but for names, where a column more or less does no harm).
std::size_t displayWidth(const std::string& text);

/// Cut to `width` columns, with an ellipsis.
std::string shortened(const std::string& text, std::size_t width);

/// Control characters and line ends as visible escapes: a trace must not move the cursor.
std::string printable(const std::string& text);

/// Lines with aligned columns; a column of numbers is aligned right.
std::string formatTable(const std::vector<std::string>& head,
                        const std::vector<std::vector<std::string>>& rows);

/// The same, with the cells of `column` cut until the lines have at most `width` columns (and it at least
/// eight).
std::string formatTable(const std::vector<std::string>& head, std::vector<std::vector<std::string>> rows,
                        std::size_t column, std::optional<std::size_t> width);

/// A short heading for an evaluation's metric; nullptr for one that says nothing of its own (pass@1 is the
/// accuracy).
const char* evaluationLabel(const std::string& metric);

/// Four significant digits.
std::string shortNumber(double value);
std::string shortNumber(std::optional<double> value);
/// "3 min 12 s"
std::string duration(double seconds);
/// "2026-11-21 08:30" in local time.
std::string localTime(double unixSeconds);

/// ▁▂▃▅▇: one letter a value, at most `width` of them; NaN is a space.
std::string sparkline(const std::vector<double>& values, std::size_t width);

}  // namespace retort::cli
