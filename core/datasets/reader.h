// Datasets read one row at a time, in bounded memory.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/datasets/example.h"
#include "core/tasks/line_reader.h"

namespace simdjson::dom {
class parser;
}

namespace retort {

/// JSONL: one object a line; a byte order mark, `\r\n` and blank lines are passed over.
class DatasetReader {
  public:
    /// Throws Error when the file cannot be opened, or is JSON but not JSONL (one list, Parquet …).
    explicit DatasetReader(const std::filesystem::path& path);
    ~DatasetReader();

    /// The next example; false at the end. Throws Error with file:line for a line that is none (not JSON,
    /// invalid UTF-8, NaN, longer than 32 MB, no known shape, a value of the wrong type); reading can go on
    /// after it.
    bool next(DatasetExample& example);

    /// Of the line that next() read last.
    const std::string& rawLine() const { return m_line; }
    std::int64_t line() const { return m_lines.number(); }
    /// Why the row was taken for its shape.
    const std::string& explanation() const { return m_explanation; }

    static constexpr std::size_t maxLineBytes = 32u << 20;

  private:
    bool nextLine();
    [[noreturn]] void fail(const std::string& what, const std::string& hint = {}) const;

    LineReader m_lines;
    std::unique_ptr<simdjson::dom::parser> m_parser;
    std::string m_line, m_explanation;
};

}  // namespace retort
