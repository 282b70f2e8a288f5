#include "core/formats/parquet/parquet_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "core/formats/parquet/column_reader.h"
#include "core/formats/parquet/page_bytes.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

using parquet::Physical;

constexpr std::string_view magic = "PAR1", encryptedMagic = "PARE";
constexpr std::size_t mostFooterBytes = 64u << 20, mostDepth = 64;
constexpr std::int64_t decimal = 5, repeated = 2;  // ConvertedType, FieldRepetitionType

struct Column {
    ParquetColumn shown;
    std::size_t leaf = 0;   ///< index into a row group's chunks
    std::int64_t type = 0;  ///< Physical
};

/// Columns from the schema's elements, which stand depth first.
class SchemaWalk {
  public:
    explicit SchemaWalk(const std::vector<parquet::SchemaElement>& schema) : m_schema(schema) {}

    std::vector<Column> columns() {
        if (m_schema.empty()) throw Error("its metadata has no schema");
        const std::int64_t count = m_schema[m_at++].children;
        std::vector<Column> columns;
        for (std::int64_t i = 0; i < count; ++i) {
            Column column;
            column.leaf = m_leaves;
            if (m_at >= m_schema.size()) throw Error("its metadata breaks off");
            const parquet::SchemaElement& element = m_schema[m_at];
            column.shown = shown(element);
            column.type = element.type.value_or(-1);
            pass(0);
            columns.push_back(std::move(column));
        }
        return columns;
    }

  private:
    void pass(std::size_t depth) {
        if (depth > mostDepth) throw Error("its schema is nested too deep");
        if (m_at >= m_schema.size()) throw Error("its metadata breaks off");
        const std::int64_t children = m_schema[m_at++].children;
        if (children <= 0) ++m_leaves;
        for (std::int64_t i = 0; i < children; ++i) pass(depth + 1);
    }

    static ParquetColumn shown(const parquet::SchemaElement& element) {
        ParquetColumn column;
        column.name = element.name;
        column.optional = element.repetition == 1;
        if (element.children > 0 || element.repetition == repeated) {
            column.refused = "is nested: only flat columns are read";
            return column;
        }
        switch (Physical(element.type.value_or(-1))) {
            case Physical::Boolean:
                column.type = ParquetColumn::Type::Boolean;
                break;
            case Physical::Int32:
            case Physical::Int64:
                column.type = ParquetColumn::Type::Integer;
                break;
            case Physical::Float:
            case Physical::Double:
                column.type = ParquetColumn::Type::Real;
                break;
            case Physical::ByteArray:
                column.type = ParquetColumn::Type::Text;
                break;
            default:
                column.refused = "has a type that is not read";
        }
        if (element.converted == decimal) column.refused = "has decimal numbers, which are not read";
        return column;
    }

    const std::vector<parquet::SchemaElement>& m_schema;
    std::size_t m_at = 0, m_leaves = 0;
};

}  // namespace

struct ParquetFile::Impl {
    fs::path file;
    int fd = -1;
    std::uint64_t size = 0;
    parquet::Footer footer;
    std::vector<Column> columns;
    std::vector<ParquetColumn> shown;

    ~Impl() {
        if (fd >= 0) ::close(fd);
    }

    std::string bytes(std::uint64_t offset, std::uint64_t count) const {
        if (offset > size || count > size - offset) throw Error("breaks off");
        std::string result(std::size_t(count), '\0');
        for (std::size_t got = 0; got < result.size();) {
            const ssize_t n =
                ::pread(fd, result.data() + got, result.size() - got, std::int64_t(offset + got));
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) throw Error(std::string("cannot read: ") + std::strerror(errno));
            if (n == 0) throw Error("breaks off");
            got += std::size_t(n);
        }
        return result;
    }

    void open() {
        fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) throw Error(std::string("cannot open: ") + std::strerror(errno));
        std::error_code code;
        size = fs::file_size(file, code);
        if (code) throw Error("cannot open: " + code.message());
        if (size < 12 || bytes(0, 4) != magic) throw Error("is no Parquet file, or an empty one");
        const std::string tail = bytes(size - 8, 8);
        if (tail.substr(4) == encryptedMagic) throw Error("is encrypted");
        if (tail.substr(4) != magic)
            throw Error("breaks off: a Parquet file ends with its table of contents", "",
                        "copy it again, or wait until it is written");
        std::string_view length(tail);
        const auto footerBytes = parquet::takeNumber<std::uint32_t>(length);
        if (footerBytes > mostFooterBytes || footerBytes > size - 12)
            throw Error("has metadata of an impossible length");
        footer = parquet::readFooter(bytes(size - 8 - footerBytes, footerBytes));
        columns = SchemaWalk(footer.schema).columns();
        for (const Column& column : columns) shown.push_back(column.shown);
        for (const parquet::RowGroup& group : footer.groups)
            if (group.rows < 0 || group.rows > mostGroupRows)
                throw Error("has a row group of " + std::to_string(group.rows) + " rows: more than " +
                            std::to_string(mostGroupRows) + " are not read");
    }

    ParquetValues read(std::size_t group, const Column& column) const {
        if (!column.shown.refused.empty()) throw Error(column.shown.refused);
        const parquet::RowGroup& rows = footer.groups[group];
        if (column.leaf >= rows.chunks.size()) throw Error("is missing in a row group");
        const parquet::Chunk& chunk = rows.chunks[column.leaf];
        if (chunk.external) throw Error("is in another file");
        if (chunk.type != column.type) throw Error("has another type in a row group than in the schema");
        std::int64_t begin = chunk.dataOffset;
        if (chunk.dictionaryOffset > 0 && chunk.dictionaryOffset < begin) begin = chunk.dictionaryOffset;
        if (begin < 0 || chunk.compressedBytes < 0 || std::uint64_t(chunk.compressedBytes) > mostColumnBytes)
            throw Error("lies outside of the file");
        return parquet::readColumn(bytes(std::uint64_t(begin), std::uint64_t(chunk.compressedBytes)), chunk,
                                   column.shown.optional, rows.rows);
    }
};

ParquetFile::ParquetFile(const fs::path& file) : m_impl(std::make_unique<Impl>()) {
    m_impl->file = file;
    try {
        m_impl->open();
    } catch (const Error& error) {
        throw Error(error.what_happened(), file.string(), error.hint());
    }
}

ParquetFile::~ParquetFile() = default;

const std::vector<ParquetColumn>& ParquetFile::columns() const {
    return m_impl->shown;
}
std::int64_t ParquetFile::rows() const {
    std::int64_t rows = 0;
    for (const parquet::RowGroup& group : m_impl->footer.groups) rows += group.rows;
    return rows;
}
std::size_t ParquetFile::groups() const {
    return m_impl->footer.groups.size();
}
std::int64_t ParquetFile::rowsOf(std::size_t group) const {
    return m_impl->footer.groups[group].rows;
}

ParquetValues ParquetFile::read(std::size_t group, std::size_t column) const {
    const Column& chosen = m_impl->columns[column];
    try {
        return m_impl->read(group, chosen);
    } catch (const Error& error) {
        throw Error("the column \"" + chosen.shown.name + "\" " + error.what_happened(),
                    m_impl->file.string());
    }
}

}  // namespace retort
