// The bytes of a page: unpacking them, and the run-length encoding of levels and dictionary indices. Private
// to the reader.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort::parquet {

/// Throws Error for a codec that is not known, for damaged bytes, and unless exactly `size` bytes come out.
/// `size` may be a lie: no more is taken from memory than the packed bytes can hold.
std::string unpack(std::int64_t codec, std::string_view packed, std::size_t size);

/// `count` values of `bits` bits from the hybrid of runs and bit-packed groups of eight. Throws Error when it
/// breaks off.
std::vector<std::uint32_t> decodeRuns(std::string_view bytes, int bits, std::size_t count);

/// Little-endian. Throws Error at the end.
template <class Number>
Number takeNumber(std::string_view& bytes);
std::string_view takeBytes(std::string_view& bytes, std::uint64_t count);

}  // namespace retort::parquet
