// W&B's own log of a run, run-<id>.wandb, as an offline run leaves it (wandb/proto/wandb_internal.proto).
#pragma once

#include "core/trackers/block_log.h"
#include "core/trackers/protobuf_wire.h"

namespace retort {

/// History becomes rows; what the machine was measured to do (stats) rows of "system/…" at the step that
/// history was at. Configuration, name, host, start and exit are facts.
class WandbReader final : public TrackerReader {
  public:
    WandbReader(const std::filesystem::path& file, const TrackerOptions& options);

    bool read(TrackerSink& sink, std::size_t maxBytes) override;
    TrackerCursor cursor() const override { return {m_log.at(), m_step}; }
    FileHead head() const override { return m_log.head(); }
    std::string notTaken() const override;

  private:
    void take(std::string_view record, TrackerSink& sink);
    void history(std::string_view message, TrackerSink& sink);
    void stats(std::string_view message, TrackerSink& sink);
    void run(std::string_view message);
    void config(std::string_view message);
    void exit(std::string_view message);

    BlockLog m_log;
    std::vector<TrackedValue> m_values;
    std::vector<std::string> m_names;  // of nested keys, which the file has in parts
    std::uint64_t m_step = 0;          // of the last history: the cursor's check, for stats that follow
    std::int64_t m_media = 0;
};

}  // namespace retort
