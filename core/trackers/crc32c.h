// CRC-32C (Castagnoli), as TensorBoard's records carry it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace retort {

/// By the processor's own instruction where it has one.
std::uint32_t crc32c(const void* data, std::size_t size);
/// The same by tables, on every processor.
std::uint32_t crc32cByTables(const void* data, std::size_t size);

/// TFRecord rotates and shifts it, so that a checksum of data that holds checksums tells something.
constexpr std::uint32_t maskedCrc(std::uint32_t crc) {
    return ((crc >> 15) | (crc << 17)) + 0xa282ead8u;
}

}  // namespace retort
