// Metrics as an object a line. verl's file logger (verl/utils/tracking.py) writes {"step": 3, "data": {…}};
// others their metrics beside the step, or one metric a line (long form). Nested objects become "a/b".
#pragma once

#include <memory>

#include "core/trackers/line_log.h"

namespace retort {

/// A file that begins anew (verl opens it for writing when a job is requeued) is a restart: what was told
/// stays, and what comes supersedes it from its first step on.
class JsonLinesReader final : public TrackerReader {
  public:
    JsonLinesReader(const std::filesystem::path& file, const TrackerOptions& options, bool isVerl);
    ~JsonLinesReader() override;

    bool read(TrackerSink& sink, std::size_t maxBytes) override;
    void settle() override { m_lines.settle(); }
    TrackerCursor cursor() const override { return {m_lines.at(), m_row}; }
    FileHead head() const override { return m_lines.head(); }

  private:
    struct Impl;
    void line(std::string_view text, TrackerSink& sink);

    LineLog m_lines;
    ColumnMapping m_asked;
    std::string m_run;
    bool m_isVerl;
    std::uint64_t m_row;  // lines before: the step of one that has none
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
