#include "core/trackers/crc32c.h"

#include <array>
#include <cstring>

#if defined(__x86_64__)
#include <nmmintrin.h>
#endif

namespace retort {
namespace {

constexpr std::uint32_t polynomial = 0x82F63B78u;  // reflected

/// tables[k][b]: what byte b contributes when k bytes follow it.
using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables makeTables() {
    Tables tables{};
    for (std::uint32_t byte = 0; byte < 256; ++byte) {
        std::uint32_t crc = byte;
        for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (crc & 1 ? polynomial : 0);
        tables[0][byte] = crc;
    }
    for (std::size_t k = 1; k < 8; ++k)
        for (std::size_t byte = 0; byte < 256; ++byte)
            tables[k][byte] = (tables[k - 1][byte] >> 8) ^ tables[0][tables[k - 1][byte] & 0xff];
    return tables;
}

constexpr Tables tables = makeTables();

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t crc32cByInstruction(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    std::uint64_t crc = 0xffffffffu;
    for (; size >= 8; size -= 8, bytes += 8) {
        std::uint64_t word;
        std::memcpy(&word, bytes, 8);
        crc = _mm_crc32_u64(crc, word);
    }
    auto narrow = static_cast<std::uint32_t>(crc);
    if (size >= 4) {
        std::uint32_t word;
        std::memcpy(&word, bytes, 4);
        narrow = _mm_crc32_u32(narrow, word);
        size -= 4;
        bytes += 4;
    }
    for (; size > 0; --size) narrow = _mm_crc32_u8(narrow, *bytes++);
    return ~narrow;
}
#endif

using Function = std::uint32_t (*)(const void*, std::size_t);

Function fastest() {
#if defined(__x86_64__)
    if (__builtin_cpu_supports("sse4.2")) return crc32cByInstruction;
#endif
    return crc32cByTables;
}

}  // namespace

std::uint32_t crc32cByTables(const void* data, std::size_t size) {
    const auto* bytes = static_cast<const unsigned char*>(data);
    std::uint32_t crc = 0xffffffffu;
    for (; size >= 8; size -= 8, bytes += 8) {
        const std::uint32_t low = crc ^ (std::uint32_t(bytes[0]) | std::uint32_t(bytes[1]) << 8 |
                                         std::uint32_t(bytes[2]) << 16 | std::uint32_t(bytes[3]) << 24);
        crc = tables[7][low & 0xff] ^ tables[6][(low >> 8) & 0xff] ^ tables[5][(low >> 16) & 0xff] ^
              tables[4][low >> 24] ^ tables[3][bytes[4]] ^ tables[2][bytes[5]] ^ tables[1][bytes[6]] ^
              tables[0][bytes[7]];
    }
    for (; size > 0; --size) crc = (crc >> 8) ^ tables[0][(crc ^ *bytes++) & 0xff];
    return ~crc;
}

std::uint32_t crc32c(const void* data, std::size_t size) {
    static const Function function = fastest();
    return function(data, size);
}

}  // namespace retort
