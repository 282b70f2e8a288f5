// The rows of a Parquet file's flat columns, as JSON objects.
#pragma once

#include <optional>

#include "core/formats/parquet/parquet_file.h"
#include "core/trace_formats/record_source.h"

namespace retort {

class ParquetRecords final : public RecordSource {
  public:
    explicit ParquetRecords(const std::filesystem::path& file);

    bool next(std::string& record) override;
    std::string place() const override { return m_path.string(); }
    std::int64_t line() const override { return m_row; }  ///< the row, 1-based
    std::uint64_t bytes() const override;
    const std::string& head() const override { return m_head; }
    std::vector<std::string> notes() const override;

    /// Names of the columns that are read.
    std::vector<std::string> columns() const;
    /// The first column that is not read, and why ("the column \"messages\" is nested …"); empty: there is
    /// none.
    std::string firstRefused() const;
    /// How many rows with the same value of a text column stand behind one another at least, and divide every
    /// such run: the size of a group in TRL's logs. 1 when there is no such size.
    std::int64_t groupSize(std::string_view column) const;

  private:
    ParquetFile m_file;
    std::filesystem::path m_path;
    std::string m_head;
    std::size_t m_group = 0;
    std::int64_t m_row = 0, m_inGroup = 0;
    std::vector<std::pair<std::size_t, ParquetValues>> m_values;  ///< of the row group, by column
};

}  // namespace retort
