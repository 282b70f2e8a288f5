// Appends events to events.jsonl.
#pragma once

#include <filesystem>
#include <memory>

#include "core/runlog/event.h"

namespace retort {

/// Encodes and writes on its own thread, so that a step costs the trainer only a move into a queue. Each
/// batch is written with one write() as soon as it is there; fdatasync at `sync()` and at least once a
/// second. A torn last line left by a killed writer is cut off when the log is opened; `seq` goes on from the
/// last whole line.
class RunLogWriter final : public EventSink {
  public:
    explicit RunLogWriter(const std::filesystem::path& eventsFile);
    ~RunLogWriter() override;

    void write(EventPayload payload) override;
    void sync() override;
    std::string failure() const override;

    /// Step of the last scalars event that was in the log when it was opened; 0 for a new log.
    std::int64_t lastStep() const;
    /// Attempts (start events) that were in the log when it was opened.
    std::int32_t attempts() const;

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
