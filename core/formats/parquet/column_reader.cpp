#include "core/formats/parquet/column_reader.h"

#include <algorithm>

#include "core/formats/parquet/page_bytes.h"
#include "core/util/error.h"

namespace retort::parquet {
namespace {

bool isIn(std::int64_t value, std::initializer_list<Encoding> encodings) {
    return std::any_of(encodings.begin(), encodings.end(),
                       [value](Encoding each) { return std::int64_t(each) == value; });
}

class ColumnReader {
  public:
    ColumnReader(const Chunk& chunk, bool optional, std::int64_t rows)
        : m_chunk(chunk), m_optional(optional), m_rows(std::size_t(rows)) {}

    ParquetValues read(std::string_view bytes) {
        while (m_values.present.size() < m_rows) {
            if (bytes.empty()) throw Error("ends before its last row");
            const PageHead head = readPageHead(bytes);
            bytes.remove_prefix(head.headBytes);
            checkSizes(head, bytes.size());
            const std::string_view packed = takeBytes(bytes, std::uint64_t(head.packedBytes));
            if (head.kind == std::int64_t(PageKind::Dictionary)) readDictionary(head, packed);
            if (head.kind == std::int64_t(PageKind::Data)) readData(head, packed);
            if (head.kind == std::int64_t(PageKind::DataV2)) readDataV2(head, packed);
        }
        return std::move(m_values);
    }

  private:
    void checkSizes(const PageHead& head, std::size_t left) {
        if (head.packedBytes < 0 || std::uint64_t(head.packedBytes) > left || head.unpackedBytes < 0 ||
            head.values < 0)
            throw Error("has a page that breaks off");
        m_bytes += std::size_t(head.unpackedBytes);
        if (m_bytes > ParquetFile::mostColumnBytes)
            throw Error("unpacks to more than " + std::to_string(ParquetFile::mostColumnBytes >> 20) +
                        " MB in one row group");
    }

    void readDictionary(const PageHead& head, std::string_view packed) {
        if (m_hasDictionary) throw Error("has two dictionaries");
        m_hasDictionary = true;
        std::string_view bytes = keep(unpack(m_chunk.codec, packed, std::size_t(head.unpackedBytes)));
        // An entry takes a byte at least, so a wrong count ends at the page's end.
        for (std::int64_t i = 0; i < head.values; ++i) plain(bytes, m_dictionary);
        m_dictionarySize = std::uint32_t(head.values);
    }

    void readData(const PageHead& head, std::string_view packed) {
        std::string_view bytes = keep(unpack(m_chunk.codec, packed, std::size_t(head.unpackedBytes)));
        const std::size_t count = countOf(head);
        std::vector<std::uint32_t> levels;
        if (m_optional) {
            if (head.levelEncoding != std::int64_t(Encoding::Rle))
                throw Error("has levels in " + encodingName(head.levelEncoding) + ", which is not read");
            levels = decodeRuns(takeBytes(bytes, takeNumber<std::uint32_t>(bytes)), 1, count);
        }
        readValues(head, bytes, levels, count);
    }

    void readDataV2(const PageHead& head, std::string_view packed) {
        if (head.levelBytes < 0 || head.repetitionBytes < 0 || head.repetitionBytes > head.packedBytes ||
            head.levelBytes > head.packedBytes - head.repetitionBytes)
            throw Error("has a page that breaks off");
        takeBytes(packed, std::uint64_t(head.repetitionBytes));
        const std::string_view levelBytes = takeBytes(packed, std::uint64_t(head.levelBytes));
        const std::size_t count = countOf(head);
        std::vector<std::uint32_t> levels;
        if (m_optional) levels = decodeRuns(levelBytes, 1, count);
        const std::int64_t rest = head.unpackedBytes - head.levelBytes - head.repetitionBytes;
        if (rest < 0) throw Error("has a page of another size than it says");
        const bool isPacked = head.compressed && rest > 0;
        const std::string_view bytes = keep(
            unpack(isPacked ? m_chunk.codec : std::int64_t(Codec::Uncompressed), packed, std::size_t(rest)));
        readValues(head, bytes, levels, count);
    }

    std::size_t countOf(const PageHead& head) const {
        if (std::uint64_t(head.values) > m_rows - m_values.present.size())
            throw Error("has more values than rows");
        if (head.values == 0) throw Error("has an empty page");
        return std::size_t(head.values);
    }

    std::string_view keep(std::string page) {
        return *m_values.pages.emplace_back(std::make_shared<const std::string>(std::move(page)));
    }

    void readValues(const PageHead& head, std::string_view bytes, const std::vector<std::uint32_t>& levels,
                    std::size_t count) {
        const std::size_t present =
            levels.empty() ? count : std::size_t(std::count(levels.begin(), levels.end(), 1u));
        std::vector<std::uint32_t> coded;  // indices, or truth values as runs
        const bool byDictionary = isIn(head.encoding, {Encoding::PlainDictionary, Encoding::RleDictionary});
        const bool isBoolean = m_chunk.type == std::int64_t(Physical::Boolean);
        if (byDictionary && present > 0) {
            const int bits = std::uint8_t(takeBytes(bytes, 1)[0]);
            coded = decodeRuns(bytes, bits, present);
        } else if (isBoolean && isIn(head.encoding, {Encoding::Rle})) {
            coded = decodeRuns(takeBytes(bytes, takeNumber<std::uint32_t>(bytes)), 1, present);
        } else if (!byDictionary && !isIn(head.encoding, {Encoding::Plain})) {
            throw Error("is written in " + encodingName(head.encoding) + ", which is not read");
        }
        std::size_t next = 0;
        for (std::size_t i = 0; i < count; ++i) {
            const bool isThere = levels.empty() || levels[i] == 1;
            m_values.present.push_back(isThere);
            if (!isThere)
                addNothing();
            else if (byDictionary)
                addFromDictionary(coded[next++]);
            else if (isBoolean)
                m_values.integers.push_back(coded.empty() ? bitAt(bytes, next++) : coded[next++]);
            else
                plain(bytes, m_values);
        }
    }

    static std::int64_t bitAt(std::string_view bytes, std::size_t index) {
        if (index / 8 >= bytes.size()) throw Error("has a page that breaks off");
        return (std::uint8_t(bytes[index / 8]) >> (index % 8)) & 1;
    }

    void plain(std::string_view& bytes, ParquetValues& into) const {
        switch (Physical(m_chunk.type)) {
            case Physical::Int32:
                return into.integers.push_back(takeNumber<std::int32_t>(bytes));
            case Physical::Int64:
                return into.integers.push_back(takeNumber<std::int64_t>(bytes));
            case Physical::Float:
                return into.reals.push_back(takeNumber<float>(bytes));
            case Physical::Double:
                return into.reals.push_back(takeNumber<double>(bytes));
            case Physical::ByteArray: {
                const auto size = takeNumber<std::uint32_t>(bytes);
                return into.texts.push_back(takeBytes(bytes, size));
            }
            default:
                throw Error("has a type that is not read");
        }
    }

    void addNothing() {
        const auto type = Physical(m_chunk.type);
        if (type == Physical::ByteArray)
            m_values.texts.emplace_back();
        else if (type == Physical::Float || type == Physical::Double)
            m_values.reals.push_back(0);
        else
            m_values.integers.push_back(0);
    }

    void addFromDictionary(std::uint32_t index) {
        if (index >= m_dictionarySize) throw Error("names an entry that its dictionary does not have");
        if (!m_dictionary.texts.empty())
            m_values.texts.push_back(m_dictionary.texts[index]);
        else if (!m_dictionary.reals.empty())
            m_values.reals.push_back(m_dictionary.reals[index]);
        else
            m_values.integers.push_back(m_dictionary.integers[index]);
    }

    const Chunk& m_chunk;
    bool m_optional, m_hasDictionary = false;
    std::size_t m_rows, m_bytes = 0;
    ParquetValues m_values, m_dictionary;
    std::uint32_t m_dictionarySize = 0;
};

}  // namespace

ParquetValues readColumn(std::string_view bytes, const Chunk& chunk, bool optional, std::int64_t rows) {
    return ColumnReader(chunk, optional, rows).read(bytes);
}

}  // namespace retort::parquet
