// Metrics as a table of text: CSV (RFC 4180) or TSV, with a header; a row a step (wide) or a value (long).
// DVCLive's plots/metrics/<name>.tsv are such tables with one metric each.
#pragma once

#include "core/trackers/line_log.h"

namespace retort {

class TableReader final : public TrackerReader {
  public:
    /// `metric`: of DVCLive, the name of the one column that is not step or time; else empty.
    TableReader(const std::filesystem::path& file, const TrackerOptions& options, std::string metric);

    bool read(TrackerSink& sink, std::size_t maxBytes) override;
    void settle() override { m_lines.settle(); }
    TrackerCursor cursor() const override { return {m_lines.at(), m_row}; }
    FileHead head() const override { return m_lines.head(); }

  private:
    bool readHeader();
    void line(std::string_view text, TrackerSink& sink);
    std::string_view cell(int column) const;

    LineLog m_lines;
    ColumnMapping m_mapping;
    std::string m_run, m_metric;
    std::uint64_t m_row;   // data rows before: the step of a row that has none
    char m_separator = 0;  // 0: the header was not read yet
    std::vector<std::string> m_names;
    int m_step = -1, m_time = -1, m_runColumn = -1, m_series = -1, m_value = -1;
    std::vector<std::string> m_cells;
    std::vector<TrackedValue> m_values;
};

/// The separator that a header row uses: the most frequent of tab, comma and semicolon outside of quotes.
char separatorOf(std::string_view header);
/// The cells of a row; those of the last one are written over. False for an open quote.
bool splitRow(std::string_view row, char separator, std::vector<std::string>& cells);

}  // namespace retort
