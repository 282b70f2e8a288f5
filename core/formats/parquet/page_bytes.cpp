#include "core/formats/parquet/page_bytes.h"

#include <snappy.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <memory>

#include "core/formats/parquet/parquet_metadata.h"
#include "core/util/error.h"

namespace retort::parquet {
namespace {

static_assert(std::endian::native == std::endian::little, "numbers are read as they lie in memory");

constexpr std::size_t pieceBytes = 1 << 20;

[[noreturn]] void damaged(const char* codec) {
    throw Error(std::string("has a page that ") + codec + " cannot unpack");
}

std::string unpackSnappy(std::string_view packed, std::size_t size) {
    std::size_t said = 0;
    // Its own head must agree, and snappy packs 64 bytes into 3 at best.
    if (!snappy::GetUncompressedLength(packed.data(), packed.size(), &said) || said != size ||
        size / 32 > packed.size())
        damaged("snappy");
    std::string bytes(size, '\0');
    if (!snappy::RawUncompress(packed.data(), packed.size(), bytes.data())) damaged("snappy");
    return bytes;
}

std::string unpackGzip(std::string_view packed, std::size_t size) {
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 32) != Z_OK) damaged("gzip");  // gzip or zlib, by its head
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = uInt(packed.size());
    std::string bytes;
    int code = Z_OK;
    while (code == Z_OK && bytes.size() <= size) {
        const std::size_t before = bytes.size(), piece = std::min(pieceBytes, size - before + 1);
        bytes.resize(before + piece);
        stream.next_out = reinterpret_cast<Bytef*>(bytes.data() + before);
        stream.avail_out = uInt(piece);
        code = inflate(&stream, Z_NO_FLUSH);
        bytes.resize(before + piece - stream.avail_out);
        if (code == Z_BUF_ERROR) break;
    }
    inflateEnd(&stream);
    if (code != Z_STREAM_END || bytes.size() != size) damaged("gzip");
    return bytes;
}

std::string unpackZstd(std::string_view packed, std::size_t size) {
    struct Free {
        void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
    };
    const std::unique_ptr<ZSTD_DStream, Free> stream(ZSTD_createDStream());
    ZSTD_inBuffer in{packed.data(), packed.size(), 0};
    std::string bytes;
    for (std::size_t left = 1; left != 0;) {
        const std::size_t before = bytes.size(), piece = std::min(pieceBytes, size - before + 1);
        bytes.resize(before + piece);
        ZSTD_outBuffer out{bytes.data() + before, piece, 0};
        left = ZSTD_decompressStream(stream.get(), &out, &in);
        bytes.resize(before + out.pos);
        const bool stuck = out.pos == 0 && in.pos == in.size;
        if (ZSTD_isError(left) || bytes.size() > size || (left != 0 && stuck)) damaged("zstd");
    }
    if (bytes.size() != size) damaged("zstd");
    return bytes;
}

}  // namespace

std::string unpack(std::int64_t codec, std::string_view packed, std::size_t size) {
    switch (Codec(codec)) {
        case Codec::Uncompressed:
            if (packed.size() != size) throw Error("has a page of another size than it says");
            return std::string(packed);
        case Codec::Snappy:
            return unpackSnappy(packed, size);
        case Codec::Gzip:
            return unpackGzip(packed, size);
        case Codec::Zstd:
            return unpackZstd(packed, size);
        default:
            throw Error("is compressed with " + codecName(codec) + ", which is not read");
    }
}

template <class Number>
Number takeNumber(std::string_view& bytes) {
    Number number;
    std::memcpy(&number, takeBytes(bytes, sizeof number).data(), sizeof number);
    return number;
}
template std::int32_t takeNumber(std::string_view&);
template std::uint32_t takeNumber(std::string_view&);
template std::int64_t takeNumber(std::string_view&);
template float takeNumber(std::string_view&);
template double takeNumber(std::string_view&);

std::string_view takeBytes(std::string_view& bytes, std::uint64_t count) {
    if (count > bytes.size()) throw Error("has a page that breaks off");
    const std::string_view taken = bytes.substr(0, std::size_t(count));
    bytes.remove_prefix(std::size_t(count));
    return taken;
}

std::vector<std::uint32_t> decodeRuns(std::string_view bytes, int bits, std::size_t count) {
    if (bits < 0 || bits > 32) throw Error("has indices of " + std::to_string(bits) + " bits");
    const std::size_t valueBytes = (std::size_t(bits) + 7) / 8;
    std::vector<std::uint32_t> values;
    while (values.size() < count) {
        std::uint64_t head = 0;
        for (int shift = 0;; shift += 7) {
            const auto part = std::uint8_t(takeBytes(bytes, 1)[0]);
            head |= std::uint64_t(part & 0x7F) << shift;
            if (part < 0x80) break;
            if (shift > 28) throw Error("has a run of impossible length");
        }
        const std::size_t room = count - values.size();
        if ((head & 1) == 0) {
            std::uint32_t value = 0;
            std::memcpy(&value, takeBytes(bytes, valueBytes).data(), valueBytes);
            if (head == 0) throw Error("has a run of no values");
            values.insert(values.end(), std::size_t(std::min<std::uint64_t>(head >> 1, room)), value);
            continue;
        }
        // Writers may leave out what the last group is padded with.
        const std::uint64_t groups = head >> 1;
        if (groups == 0) throw Error("has a run of no values");
        const std::string_view packed =
            takeBytes(bytes, std::min<std::uint64_t>(groups * std::uint64_t(bits), bytes.size()));
        const std::size_t whole = bits == 0 ? room : packed.size() * 8 / std::size_t(bits);
        const auto wanted = std::size_t(std::min<std::uint64_t>(groups * 8, room));
        if (whole < wanted) throw Error("has a page that breaks off");
        std::uint64_t window = 0;
        int filled = 0;
        std::size_t at = 0;
        for (std::size_t i = 0; i < wanted; ++i) {
            for (; filled < bits; filled += 8) window |= std::uint64_t(std::uint8_t(packed[at++])) << filled;
            values.push_back(std::uint32_t(window & ((std::uint64_t(1) << bits) - 1)));
            window >>= bits;
            filled -= bits;
        }
    }
    return values;
}

}  // namespace retort::parquet
