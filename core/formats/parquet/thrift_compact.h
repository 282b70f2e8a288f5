// Thrift's compact protocol, as far as Parquet's footers and page headers need it
// (thrift.apache.org, doc/specs/thrift-compact-protocol.md). Every read is checked against the end.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace retort {

class ThriftReader {
  public:
    explicit ThriftReader(std::string_view bytes) : m_bytes(bytes) {}

    enum Type { Stop, True, False, Byte, I16, I32, I64, Double, Binary, List, Set, Map, Struct };
    struct Field {
        int id = 0;
        int type = Stop;
    };

    /// Calls `read(field)` for each field of a struct; what it does not read must be passed to skip(). Throws
    /// Error when structs are nested too deep.
    template <class Read>
    void structure(Read read) {
        enter();
        for (int id = 0;;) {
            const Field field = nextField(id);
            if (field.type == Stop) break;
            id = field.id;
            read(field);
        }
        --m_depth;
    }
    /// Calls `read()` for each item, which must be of `type`.
    template <class Read>
    void list(int type, Read read) {
        const std::uint64_t count = listHead(type);
        for (std::uint64_t i = 0; i < count; ++i) read();
    }

    std::int64_t integer();  ///< I16, I32, I64
    std::string_view binary();
    std::uint8_t byte();
    void skip(int type);

    std::size_t position() const { return m_at; }
    /// Whether the field has the type; else it is skipped.
    bool is(const Field& field, int type) {
        if (field.type == type) return true;
        skip(field.type);
        return false;
    }

  private:
    Field nextField(int previous);
    std::uint64_t listHead(int type);
    std::uint64_t varint();
    void enter();
    void forward(std::uint64_t bytes);

    std::string_view m_bytes;
    std::size_t m_at = 0;
    int m_depth = 0;
};

}  // namespace retort
