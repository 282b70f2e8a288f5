// Where records come from, one JSON text at a time: lines and lists, the entries of a zip archive, the rows
// of a table.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace retort {

class RecordSource {
  public:
    virtual ~RecordSource() = default;

    /// The next record; false at the end. Throws Error for one that cannot be had (too long, damaged), after
    /// which reading can go on.
    virtual bool next(std::string& record) = 0;
    /// Of the record that next() gave last, for messages: the file, or an entry in it, and the line or row in
    /// that (0: none).
    virtual std::string place() const = 0;
    virtual std::int64_t line() const = 0;
    /// That were read of the file so far.
    virtual std::uint64_t bytes() const = 0;
    /// JSON of what holds for all records; empty: there is none.
    virtual const std::string& head() const = 0;
    /// What is not an error, but worth telling.
    virtual std::vector<std::string> notes() const { return {}; }

    /// A longer record is refused: the run's log takes no longer lines.
    static constexpr std::size_t mostBytes = 60u << 20;
};

}  // namespace retort
