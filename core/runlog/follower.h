// Reads events.jsonl from a byte offset, again and again, as it grows.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/runlog/event.h"

namespace retort {

struct FollowerBatch {
    std::vector<Event> events;
    std::int64_t offset = 0;  ///< byte offset behind the last whole line consumed
    std::int64_t lastSeq = 0;
    std::vector<std::string> problems;  ///< "events.jsonl:17: …": foreign lines (skipped), gaps in seq
    bool atEnd = true;                  ///< false when maxBytes ended the batch
};

/// Stateless between calls but for what the caller keeps (offset, lastSeq), so that a store can commit both
/// together with the rows. A line without its newline is not there yet. A file that shrank is reported as a
/// problem and read no further (the log is append-only).
class RunLogFollower {
  public:
    explicit RunLogFollower(std::filesystem::path eventsFile);
    /// Reads whole lines from `offset`, at most about `maxBytes`. A missing file is an empty one.
    FollowerBatch read(std::int64_t offset, std::int64_t lastSeq, std::size_t maxBytes = 8u << 20) const;

  private:
    std::filesystem::path m_file;
};

}  // namespace retort
