// The samples of an Inspect .eval log, a zip archive with an entry a sample.
#pragma once

#include "core/formats/zip/zip_archive.h"
#include "core/trace_formats/record_source.h"

namespace retort {

class ArchiveRecords final : public RecordSource {
  public:
    /// Throws Error for what is no zip archive, or none of Inspect's.
    explicit ArchiveRecords(const std::filesystem::path& file);

    bool next(std::string& record) override;
    std::string place() const override;
    std::int64_t line() const override { return 0; }
    std::uint64_t bytes() const override { return m_bytes; }
    /// header.json; of a log that was never finished _journal/start.json.
    const std::string& head() const override { return m_head; }
    std::vector<std::string> notes() const override;

  private:
    ZipArchive m_archive;
    std::filesystem::path m_path;
    std::string m_head;
    std::size_t m_next = 0, m_last = 0;
    std::uint64_t m_bytes = 0;
    bool m_finished = false;
};

}  // namespace retort
