// The footer of a Parquet file and the heads of its pages, as plain values (parquet.thrift). Private to the
// reader.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort::parquet {

enum class Physical { Boolean, Int32, Int64, Int96, Float, Double, ByteArray, FixedByteArray };
enum class Codec { Uncompressed, Snappy, Gzip, Lzo, Brotli, Lz4, Zstd, Lz4Raw };
enum class Encoding { Plain = 0, PlainDictionary = 2, Rle = 3, RleDictionary = 8 };
enum class PageKind { Data, Index, Dictionary, DataV2 };

struct SchemaElement {
    std::string name;
    std::optional<std::int64_t> type;
    std::int64_t repetition = 0;  ///< 0 required, 1 optional, 2 repeated
    std::int64_t children = 0;
    std::optional<std::int64_t> converted;
};

struct Chunk {
    bool external = false;  ///< in another file
    std::int64_t type = 0, codec = 0, values = 0, compressedBytes = 0, dataOffset = 0, dictionaryOffset = 0;
};

struct RowGroup {
    std::vector<Chunk> chunks;
    std::int64_t rows = 0;
};

struct Footer {
    std::vector<SchemaElement> schema;  ///< depth first; the first is the root
    std::vector<RowGroup> groups;
    std::int64_t rows = 0;
};

struct PageHead {
    std::int64_t kind = -1, unpackedBytes = 0, packedBytes = 0;
    std::int64_t values = 0, encoding = 0;
    std::int64_t levelEncoding = std::int64_t(Encoding::Rle);
    std::int64_t levelBytes = 0, repetitionBytes = 0;  ///< of v2
    bool compressed = true;                            ///< of v2
    std::size_t headBytes = 0;
};

/// Throw Error for what breaks off or is no such structure.
Footer readFooter(std::string_view bytes);
PageHead readPageHead(std::string_view bytes);

/// "snappy", "encoding 5" …: for messages.
std::string codecName(std::int64_t codec);
std::string encodingName(std::int64_t encoding);

}  // namespace retort::parquet
