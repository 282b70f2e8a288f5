// SwanLab's own log of a run, run-<id>.swanlab, version 2 (protos/swanlab/record/v1/record.proto): W&B's
// framing, records of its own.
#pragma once

#include "core/trackers/block_log.h"
#include "core/trackers/protobuf_wire.h"

namespace retort {

class SwanLabReader final : public TrackerReader {
  public:
    SwanLabReader(const std::filesystem::path& file, const TrackerOptions& options);

    bool read(TrackerSink& sink, std::size_t maxBytes) override;
    TrackerCursor cursor() const override { return {m_log.at(), 0}; }
    FileHead head() const override { return m_log.head(); }
    std::string notTaken() const override;

  private:
    void take(std::string_view record, TrackerSink& sink);
    void start(std::string_view message);
    void finish(std::string_view message);
    void scalar(std::string_view message, TrackerSink& sink);

    BlockLog m_log;
    std::int64_t m_media = 0;
};

}  // namespace retort
