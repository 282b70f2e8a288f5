// Protocol buffers' wire format (protobuf.dev/programming-guides/encoding), as far as reading logs needs it:
// the fields of one message, one after another.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>

namespace retort {

struct WireField {
    enum class Type : std::uint8_t { Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5 };
    std::uint32_t number = 0;
    Type type = Type::Varint;
    std::uint64_t value = 0;  ///< of the three numeric types
    std::string_view bytes;   ///< into the message

    bool is(std::uint32_t wanted, Type as) const { return number == wanted && type == as; }
    bool isBytes(std::uint32_t wanted) const { return is(wanted, Type::Bytes); }
    std::int64_t asInt() const { return static_cast<std::int64_t>(value); }
    double asDouble() const { return std::bit_cast<double>(value); }
    float asFloat() const { return std::bit_cast<float>(static_cast<std::uint32_t>(value)); }
};

/// Inlined: a log has tens of millions of fields.
class WireReader {
  public:
    explicit WireReader(std::string_view message) : m_rest(message) {}

    /// False at the end, and where the bytes are none of this format.
    bool next(WireField& field) {
        if (m_rest.empty()) return false;
        std::uint64_t key = 0;
        if (!varint(key) || (key >> 3) == 0 || (key >> 3) > 0x1fffffff) return fail();
        field.number = static_cast<std::uint32_t>(key >> 3);
        switch (key & 7) {
            case 0:
                field.type = WireField::Type::Varint;
                return varint(field.value) || fail();
            case 1:
                field.type = WireField::Type::Fixed64;
                return fixed(field.value, 8) || fail();
            case 2: {
                field.type = WireField::Type::Bytes;
                std::uint64_t size = 0;
                if (!varint(size) || size > m_rest.size()) return fail();
                field.bytes = m_rest.substr(0, static_cast<std::size_t>(size));
                m_rest.remove_prefix(static_cast<std::size_t>(size));
                return true;
            }
            case 5:
                field.type = WireField::Type::Fixed32;
                return fixed(field.value, 4) || fail();
            default:  // groups: none of these logs has them
                return fail();
        }
    }
    bool isDamaged() const { return m_damaged; }

    /// A number of a packed list.
    bool varint(std::uint64_t& value) {
        value = 0;
        for (unsigned shift = 0; shift < 64; shift += 7) {
            if (m_rest.empty()) return false;
            const auto byte = static_cast<unsigned char>(m_rest.front());
            m_rest.remove_prefix(1);
            value |= std::uint64_t(byte & 0x7f) << shift;
            if (byte < 0x80) return true;
        }
        return false;
    }

  private:
    bool fixed(std::uint64_t& value, unsigned size) {
        if (m_rest.size() < size) return false;
        value = 0;
        for (unsigned i = 0; i < size; ++i)
            value |= std::uint64_t(static_cast<unsigned char>(m_rest[i])) << (8 * i);
        m_rest.remove_prefix(size);
        return true;
    }
    bool fail() {
        m_damaged = true;
        m_rest = {};
        return false;
    }

    std::string_view m_rest;
    bool m_damaged = false;
};

/// google.protobuf.Timestamp (1 seconds, 2 nanos) as Unix time in s; nothing for none.
inline std::optional<double> wireTimestamp(std::string_view message) {
    double seconds = 0, nanos = 0;
    WireReader fields(message);
    for (WireField field; fields.next(field);) {
        if (field.is(1, WireField::Type::Varint)) seconds = static_cast<double>(field.asInt());
        if (field.is(2, WireField::Type::Varint)) nanos = static_cast<double>(field.asInt());
    }
    if (fields.isDamaged() || seconds <= 0) return std::nullopt;
    return seconds + nanos * 1e-9;
}

}  // namespace retort
