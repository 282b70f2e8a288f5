#include "core/formats/parquet/thrift_compact.h"

#include "core/util/error.h"

namespace retort {
namespace {
constexpr int mostDepth = 64;

std::int64_t unzigzag(std::uint64_t value) {
    return std::int64_t(value >> 1) ^ -std::int64_t(value & 1);
}
}  // namespace

void ThriftReader::enter() {
    if (++m_depth > mostDepth) throw Error("its metadata is nested too deep");
}

void ThriftReader::forward(std::uint64_t bytes) {
    if (bytes > m_bytes.size() - m_at) throw Error("its metadata breaks off");
    m_at += std::size_t(bytes);
}

std::uint8_t ThriftReader::byte() {
    forward(1);
    return std::uint8_t(m_bytes[m_at - 1]);
}

std::uint64_t ThriftReader::varint() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
        const std::uint8_t part = byte();
        value |= std::uint64_t(part & 0x7F) << shift;
        if (part < 0x80) return value;
    }
    throw Error("its metadata has a number of more than 64 bits");
}

std::int64_t ThriftReader::integer() {
    return unzigzag(varint());
}

std::string_view ThriftReader::binary() {
    const std::uint64_t size = varint();
    forward(size);
    return m_bytes.substr(m_at - std::size_t(size), std::size_t(size));
}

ThriftReader::Field ThriftReader::nextField(int previous) {
    const std::uint8_t head = byte();
    if (head == 0) return {};
    Field field;
    field.type = head & 0x0F;
    const int delta = head >> 4;
    field.id = delta ? previous + delta : int(integer());
    return field;
}

std::uint64_t ThriftReader::listHead(int type) {
    const std::uint8_t head = byte();
    std::uint64_t count = head >> 4;
    if (count == 15) count = varint();
    const int found = head & 0x0F;
    if (count > 0 && found != type && !(type == True && found == False))
        throw Error("its metadata has a list of another type");
    // An item takes a byte at least.
    if (count > m_bytes.size() - m_at) throw Error("its metadata breaks off");
    return count;
}

void ThriftReader::skip(int type) {
    switch (type) {
        case True:
        case False:
            return;
        case Byte:
            return forward(1);
        case I16:
        case I32:
        case I64:
            varint();
            return;
        case Double:
            return forward(8);
        case Binary:
            binary();
            return;
        case List:
        case Set: {
            enter();
            const std::uint8_t head = byte();
            std::uint64_t count = head >> 4;
            if (count == 15) count = varint();
            const int item = head & 0x0F;
            if (count > m_bytes.size() - m_at) throw Error("its metadata breaks off");
            for (; count > 0; --count) item == True || item == False ? forward(1) : skip(item);
            --m_depth;
            return;
        }
        case Map: {
            enter();
            std::uint64_t count = varint();
            if (count > m_bytes.size() - m_at) throw Error("its metadata breaks off");
            const std::uint8_t types = count > 0 ? byte() : 0;
            for (; count > 0; --count) {
                skip(types >> 4);
                skip(types & 0x0F);
            }
            --m_depth;
            return;
        }
        case Struct:
            return structure([this](const Field& field) { skip(field.type); });
        default:
            throw Error("its metadata has an unknown type");
    }
}

}  // namespace retort
