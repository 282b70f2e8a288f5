#include "core/formats/parquet/parquet_metadata.h"

#include <array>

#include "core/formats/parquet/thrift_compact.h"

namespace retort::parquet {
namespace {

using Field = ThriftReader::Field;

bool isInteger(const Field& field) {
    return field.type == ThriftReader::I32 || field.type == ThriftReader::I64 ||
           field.type == ThriftReader::I16;
}

/// Takes the field when it is an integer; else passes over it.
template <class Value>
void take(ThriftReader& reader, const Field& field, Value& value) {
    if (isInteger(field))
        value = reader.integer();
    else
        reader.skip(field.type);
}

SchemaElement readElement(ThriftReader& reader) {
    SchemaElement element;
    reader.structure([&](const Field& field) {
        switch (field.id) {
            case 1:
                return take(reader, field, element.type);
            case 3:
                return take(reader, field, element.repetition);
            case 4:
                if (reader.is(field, ThriftReader::Binary)) element.name = reader.binary();
                return;
            case 5:
                return take(reader, field, element.children);
            case 6:
                return take(reader, field, element.converted);
            default:
                return reader.skip(field.type);
        }
    });
    return element;
}

void readChunkMeta(ThriftReader& reader, Chunk& chunk) {
    reader.structure([&](const Field& field) {
        switch (field.id) {
            case 1:
                return take(reader, field, chunk.type);
            case 4:
                return take(reader, field, chunk.codec);
            case 5:
                return take(reader, field, chunk.values);
            case 7:
                return take(reader, field, chunk.compressedBytes);
            case 9:
                return take(reader, field, chunk.dataOffset);
            case 11:
                return take(reader, field, chunk.dictionaryOffset);
            default:
                return reader.skip(field.type);
        }
    });
}

Chunk readChunk(ThriftReader& reader) {
    Chunk chunk;
    reader.structure([&](const Field& field) {
        if (field.id == 1) chunk.external = true;
        if (field.id == 3 && field.type == ThriftReader::Struct) return readChunkMeta(reader, chunk);
        reader.skip(field.type);
    });
    return chunk;
}

RowGroup readGroup(ThriftReader& reader) {
    RowGroup group;
    reader.structure([&](const Field& field) {
        if (field.id == 1 && field.type == ThriftReader::List)
            return reader.list(ThriftReader::Struct, [&] { group.chunks.push_back(readChunk(reader)); });
        if (field.id == 3) return take(reader, field, group.rows);
        reader.skip(field.type);
    });
    return group;
}

void readDataHead(ThriftReader& reader, PageHead& head) {
    reader.structure([&](const Field& field) {
        if (field.id == 1) return take(reader, field, head.values);
        if (field.id == 2) return take(reader, field, head.encoding);
        if (field.id == 3) return take(reader, field, head.levelEncoding);
        reader.skip(field.type);
    });
}

void readDataHeadV2(ThriftReader& reader, PageHead& head) {
    reader.structure([&](const Field& field) {
        switch (field.id) {
            case 1:
                return take(reader, field, head.values);
            case 4:
                return take(reader, field, head.encoding);
            case 5:
                return take(reader, field, head.levelBytes);
            case 6:
                return take(reader, field, head.repetitionBytes);
            case 7:
                head.compressed = field.type == ThriftReader::True;
                if (field.type != ThriftReader::True && field.type != ThriftReader::False)
                    reader.skip(field.type);
                return;
            default:
                return reader.skip(field.type);
        }
    });
}

}  // namespace

Footer readFooter(std::string_view bytes) {
    ThriftReader reader(bytes);
    Footer footer;
    reader.structure([&](const Field& field) {
        if (field.id == 2 && field.type == ThriftReader::List)
            return reader.list(ThriftReader::Struct, [&] { footer.schema.push_back(readElement(reader)); });
        if (field.id == 3) return take(reader, field, footer.rows);
        if (field.id == 4 && field.type == ThriftReader::List)
            return reader.list(ThriftReader::Struct, [&] { footer.groups.push_back(readGroup(reader)); });
        reader.skip(field.type);
    });
    return footer;
}

PageHead readPageHead(std::string_view bytes) {
    ThriftReader reader(bytes);
    PageHead head;
    reader.structure([&](const Field& field) {
        const bool isStruct = field.type == ThriftReader::Struct;
        if (field.id == 1) return take(reader, field, head.kind);
        if (field.id == 2) return take(reader, field, head.unpackedBytes);
        if (field.id == 3) return take(reader, field, head.packedBytes);
        if ((field.id == 5 || field.id == 7) && isStruct) return readDataHead(reader, head);
        if (field.id == 8 && isStruct) return readDataHeadV2(reader, head);
        reader.skip(field.type);
    });
    head.headBytes = reader.position();
    return head;
}

std::string codecName(std::int64_t codec) {
    constexpr std::array<std::string_view, 8> names = {"none",   "snappy", "gzip", "LZO",
                                                       "brotli", "LZ4",    "zstd", "LZ4_RAW"};
    if (codec >= 0 && codec < std::int64_t(names.size())) return std::string(names[std::size_t(codec)]);
    return "codec " + std::to_string(codec);
}

std::string encodingName(std::int64_t encoding) {
    constexpr std::array<std::string_view, 10> names = {
        "PLAIN",          "encoding 1",          "PLAIN_DICTIONARY",        "RLE",
        "BIT_PACKED",     "DELTA_BINARY_PACKED", "DELTA_LENGTH_BYTE_ARRAY", "DELTA_BYTE_ARRAY",
        "RLE_DICTIONARY", "BYTE_STREAM_SPLIT"};
    if (encoding >= 0 && encoding < std::int64_t(names.size()))
        return std::string(names[std::size_t(encoding)]);
    return "encoding " + std::to_string(encoding);
}

}  // namespace retort::parquet
