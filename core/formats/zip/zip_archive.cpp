#include "core/formats/zip/zip_archive.h"

#include <zip.h>
#include <zlib.h>
#include <zstd.h>

#include <algorithm>

#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr std::uint16_t zstdMethod = 93;  // APPNOTE 4.4.5
constexpr std::size_t pieceBytes = 1 << 18;
constexpr zip_uint64_t mostEntries = 10'000'000;
// A model that repeats itself packs well, but a whole log a thousand times smaller than its text is made to
// harm.
constexpr std::uint64_t freeBytes = std::uint64_t(256) << 20, mostRatio = 1000;

struct CloseFile {
    void operator()(zip_file_t* file) const { zip_fclose(file); }
};
struct FreeStream {
    void operator()(ZSTD_DStream* stream) const { ZSTD_freeDStream(stream); }
};

std::string openError(int code) {
    zip_error_t error;
    zip_error_init_with_code(&error, code);
    const std::string text = zip_error_strerror(&error);
    zip_error_fini(&error);
    return text;
}

}  // namespace

struct ZipArchive::Impl {
    fs::path file;
    zip_t* archive = nullptr;
    std::vector<std::string> names;
    std::vector<std::uint64_t> packed;
    std::uint64_t unpacked = 0, mostUnpacked = 0;

    ~Impl() {
        if (archive) zip_discard(archive);
    }

    [[noreturn]] void fail(std::size_t index, const std::string& what) const {
        throw Error(what, file.string() + ":" + names[index]);
    }

    std::unique_ptr<zip_file_t, CloseFile> open(std::size_t index, zip_flags_t flags) const {
        std::unique_ptr<zip_file_t, CloseFile> opened(zip_fopen_index(archive, index, flags));
        if (!opened) fail(index, std::string("cannot be unpacked: ") + zip_strerror(archive));
        return opened;
    }

    std::size_t piece(std::size_t index, zip_file_t* opened, std::string& buffer) const {
        buffer.resize(pieceBytes);
        const zip_int64_t got = zip_fread(opened, buffer.data(), buffer.size());
        if (got < 0) fail(index, std::string("cannot be unpacked: ") + zip_file_strerror(opened));
        buffer.resize(std::size_t(got));
        return buffer.size();
    }

    void take(std::size_t index, std::string& text, const char* data, std::size_t size, std::size_t most) {
        unpacked += size;
        if (unpacked > mostUnpacked)
            fail(index, "the archive unpacks to more than " + std::to_string(mostRatio) +
                            " times its size: it is not read further");
        if (text.size() + size > most) fail(index, "is longer than " + std::to_string(most >> 20) + " MB");
        text.append(data, size);
    }

    std::string readPlain(std::size_t index, std::size_t most) {
        const auto opened = open(index, 0);
        std::string text, buffer;
        while (piece(index, opened.get(), buffer) > 0) take(index, text, buffer.data(), buffer.size(), most);
        return text;
    }

    std::string readZstd(std::size_t index, std::uint32_t crc, std::size_t most) {
        const auto opened = open(index, ZIP_FL_COMPRESSED);
        const std::unique_ptr<ZSTD_DStream, FreeStream> stream(ZSTD_createDStream());
        std::string text, packedPiece, unpackedPiece(ZSTD_DStreamOutSize(), '\0');
        std::size_t left = 1;
        while (piece(index, opened.get(), packedPiece) > 0) {
            ZSTD_inBuffer in{packedPiece.data(), packedPiece.size(), 0};
            for (;;) {
                ZSTD_outBuffer out{unpackedPiece.data(), unpackedPiece.size(), 0};
                left = ZSTD_decompressStream(stream.get(), &out, &in);
                if (ZSTD_isError(left))
                    fail(index, std::string("cannot be unpacked: ") + ZSTD_getErrorName(left));
                take(index, text, unpackedPiece.data(), out.pos, most);
                if (in.pos == in.size && out.pos < out.size) break;
            }
        }
        if (left != 0) fail(index, "cannot be unpacked: it breaks off");
        if (crc32_z(crc32_z(0, nullptr, 0), reinterpret_cast<const Bytef*>(text.data()), text.size()) != crc)
            fail(index, "cannot be unpacked: CRC error");
        return text;
    }
};

ZipArchive::ZipArchive(const fs::path& file) : m_impl(std::make_unique<Impl>()) {
    m_impl->file = file;
    int code = 0;
    m_impl->archive = zip_open(file.c_str(), ZIP_RDONLY, &code);
    if (!m_impl->archive)
        throw Error("is no whole zip archive: " + openError(code), file.string(),
                    "a copy that broke off, or a log that is still written");
    const auto count = zip_uint64_t(std::max<zip_int64_t>(zip_get_num_entries(m_impl->archive, 0), 0));
    if (count > mostEntries) throw Error("has too many entries", file.string());
    for (zip_uint64_t i = 0; i < count; ++i) {
        zip_stat_t info;
        zip_stat_init(&info);
        if (zip_stat_index(m_impl->archive, i, 0, &info) != 0 || !(info.valid & ZIP_STAT_NAME))
            throw Error("has a directory that cannot be read", file.string());
        m_impl->names.emplace_back(info.name);
        m_impl->packed.push_back(info.valid & ZIP_STAT_COMP_SIZE ? info.comp_size : 0);
    }
    std::error_code ignored;
    m_impl->mostUnpacked = freeBytes + mostRatio * fs::file_size(file, ignored);
}

ZipArchive::~ZipArchive() = default;

const std::vector<std::string>& ZipArchive::names() const {
    return m_impl->names;
}

std::uint64_t ZipArchive::packedBytes(std::size_t index) const {
    return m_impl->packed[index];
}

std::string ZipArchive::read(std::size_t index, std::size_t mostBytes) {
    zip_stat_t info;
    zip_stat_init(&info);
    if (zip_stat_index(m_impl->archive, index, 0, &info) != 0) m_impl->fail(index, "is not there");
    if ((info.valid & ZIP_STAT_ENCRYPTION_METHOD) && info.encryption_method != ZIP_EM_NONE)
        m_impl->fail(index, "is encrypted");
    if (info.comp_method == zstdMethod) return m_impl->readZstd(index, info.crc, mostBytes);
    return m_impl->readPlain(index, mostBytes);
}

}  // namespace retort
