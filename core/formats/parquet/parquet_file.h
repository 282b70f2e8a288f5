// Parquet files of flat columns (github.com/apache/parquet-format): what TRL, datasets and pandas write for
// tables of texts and numbers. Data pages v1 and v2; plain, dictionary and run-length encodings;
// uncompressed, snappy, gzip, zstd. Nested columns and other encodings are refused, column by column. Nothing
// that a file says of its sizes is believed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

struct ParquetColumn {
    enum class Type { Boolean, Integer, Real, Text };
    std::string name;
    Type type = Type::Text;
    bool optional = false;
    std::string refused;  ///< why it cannot be read ("is nested"); empty: it can
};

/// The values of one column in one row group. Of `integers` (truth values among them), `reals` and `texts`
/// the one of the column's type has an entry a row; that of an absent value means nothing.
struct ParquetValues {
    std::vector<bool> present;
    std::vector<std::int64_t> integers;
    std::vector<double> reals;
    std::vector<std::string_view> texts;  ///< into `pages`
    std::vector<std::shared_ptr<const std::string>> pages;
};

class ParquetFile {
  public:
    /// Reads the footer. Throws Error for what is no Parquet file, or one that breaks off.
    explicit ParquetFile(const std::filesystem::path& file);
    ~ParquetFile();

    /// At the top level; a nested one has one entry.
    const std::vector<ParquetColumn>& columns() const;
    std::int64_t rows() const;
    std::size_t groups() const;
    std::int64_t rowsOf(std::size_t group) const;
    /// Throws Error that names the column, for one that is refused, damaged, or too large for memory.
    ParquetValues read(std::size_t group, std::size_t column) const;

    static constexpr std::int64_t mostGroupRows = 16'000'000;
    static constexpr std::size_t mostColumnBytes = std::size_t(1) << 30;  ///< of one column in one row group

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
