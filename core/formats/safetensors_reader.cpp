#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <cstring>
#include <utility>

#include "core/formats/half.h"
#include "core/formats/safetensors.h"
#include "core/formats/safetensors_header.h"
#include "core/util/error.h"

namespace retort {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

namespace {

constexpr std::uint64_t maxHeaderBytes = 100'000'000;

// Tensors are copied piece by piece, so that the pages of a large one are not all in memory beside its copy.
constexpr std::size_t pieceBytes = std::size_t(4) << 20;

void readAt(int fd, void* destination, std::uint64_t size, std::uint64_t offset, const std::string& where) {
    char* out = static_cast<char*>(destination);
    while (size > 0) {
        const ssize_t n = ::pread(fd, out, std::size_t(size), off_t(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw Error(std::string("cannot read: ") + std::strerror(errno), where);
        if (n == 0) throw Error("ends too early: it was changed while it was read", where);
        out += n;
        offset += std::uint64_t(n);
        size -= std::uint64_t(n);
    }
}

template <typename Element, typename Convert>
void convert(const std::byte* bytes, std::size_t count, float* values, Convert toFloat) {
    for (std::size_t i = 0; i < count; ++i) {
        Element element;
        std::memcpy(&element, bytes + i * sizeof(Element), sizeof element);
        values[i] = toFloat(element);
    }
}

bool isFloating(Dtype dtype) {
    return dtype == Dtype::Float64 || dtype == Dtype::Float32 || dtype == Dtype::Float16 ||
           dtype == Dtype::BFloat16;
}

void convertPiece(Dtype dtype, const std::byte* bytes, std::size_t count, float* values) {
    switch (dtype) {
        case Dtype::Float32:
            std::memcpy(values, bytes, count * sizeof(float));
            break;
        case Dtype::Float64:
            convert<double>(bytes, count, values, [](double value) { return float(value); });
            break;
        case Dtype::Float16:
            convert<std::uint16_t>(bytes, count, values, float16ToFloat);
            break;
        case Dtype::BFloat16:
            convert<std::uint16_t>(bytes, count, values, bfloat16ToFloat);
            break;
        default:
            break;
    }
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : m_path(path) {
    const std::string where = path.string();
    m_fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (m_fd < 0) throw Error(std::string("cannot open: ") + std::strerror(errno), where);
    try {
        struct stat status {};
        if (::fstat(m_fd, &status) != 0 || !S_ISREG(status.st_mode)) throw Error("not a regular file", where);
        m_fileBytes = std::uint64_t(status.st_size);
        if (m_fileBytes < 8) throw Error("not a safetensors file: shorter than 8 bytes", where);
        std::uint64_t headerBytes = 0;
        readAt(m_fd, &headerBytes, 8, 0, where);
        if (headerBytes > maxHeaderBytes)
            throw Error("not a safetensors file: its header would be too large", where);
        if (headerBytes > m_fileBytes - 8)
            throw Error("not a safetensors file, or truncated: its header would reach past its end", where);
        std::string header(headerBytes, '\0');
        readAt(m_fd, header.data(), headerBytes, 8, where);
        m_bufferStart = 8 + headerBytes;
        SafetensorsHeader parsed = parseSafetensorsHeader(header, m_fileBytes - m_bufferStart, where);
        m_tensors = std::move(parsed.tensors);
        m_metadata = std::move(parsed.metadata);
        void* map = ::mmap(nullptr, m_fileBytes, PROT_READ, MAP_PRIVATE, m_fd, 0);
        if (map == MAP_FAILED) throw Error(std::string("cannot map: ") + std::strerror(errno), where);
        m_map = static_cast<const std::byte*>(map);
    } catch (...) {
        ::close(m_fd);
        throw;
    }
    for (std::size_t i = 0; i < m_tensors.size(); ++i) m_byName.emplace(m_tensors[i].name, i);
}

SafetensorsFile::~SafetensorsFile() {
    if (m_map != nullptr) ::munmap(const_cast<std::byte*>(m_map), m_fileBytes);
    if (m_fd >= 0) ::close(m_fd);
}

SafetensorsFile::SafetensorsFile(SafetensorsFile&& other) noexcept
    : m_path(std::move(other.m_path)),
      m_fd(std::exchange(other.m_fd, -1)),
      m_fileBytes(other.m_fileBytes),
      m_bufferStart(other.m_bufferStart),
      m_map(std::exchange(other.m_map, nullptr)),
      m_tensors(std::move(other.m_tensors)),
      m_byName(std::move(other.m_byName)),
      m_metadata(std::move(other.m_metadata)) {}

const TensorInfo* SafetensorsFile::find(std::string_view name) const {
    const auto found = m_byName.find(name);
    return found == m_byName.end() ? nullptr : &m_tensors[found->second];
}

const TensorInfo& SafetensorsFile::at(std::string_view name) const {
    if (const TensorInfo* tensor = find(name)) return *tensor;
    throw Error("has no tensor '" + std::string(name) + "'", m_path.string());
}

std::span<const std::byte> SafetensorsFile::bytes(const TensorInfo& tensor) const {
    struct stat status {};
    if (::fstat(m_fd, &status) != 0 || std::uint64_t(status.st_size) != m_fileBytes)
        throw Error("has another length than before: it was changed while it was read", m_path.string());
    return {m_map + m_bufferStart + tensor.begin, std::size_t(tensor.size)};
}

void SafetensorsFile::release(const std::byte* begin, std::size_t size) const {
    // Only whole pages: the others hold neighbours that someone may be reading (they would merely be read
    // again).
    static const std::uintptr_t page = std::uintptr_t(::sysconf(_SC_PAGESIZE));
    const std::uintptr_t from = (reinterpret_cast<std::uintptr_t>(begin) + page - 1) / page * page;
    const std::uintptr_t to = reinterpret_cast<std::uintptr_t>(begin + size) / page * page;
    if (to > from) ::madvise(reinterpret_cast<void*>(from), to - from, MADV_DONTNEED);
}

void SafetensorsFile::read(const TensorInfo& tensor, void* destination) const {
    std::byte* out = static_cast<std::byte*>(destination);
    const std::span<const std::byte> all = bytes(tensor);
    for (std::size_t done = 0; done < all.size(); done += pieceBytes) {
        const std::span<const std::byte> piece = all.subspan(done, std::min(pieceBytes, all.size() - done));
        std::memcpy(out + done, piece.data(), piece.size());
        release(piece.data(), piece.size());
    }
}

void SafetensorsFile::readFloats(const TensorInfo& tensor, std::int64_t first, std::int64_t count,
                                 float* destination) const {
    if (!isFloating(tensor.dtype))
        throw Error(
            "tensor '" + tensor.name + "' holds " + dtypeName(tensor.dtype) + ", not floating-point numbers",
            m_path.string());
    const std::size_t width = dtypeBytes(tensor.dtype);
    const auto all = bytes(tensor).subspan(std::size_t(first) * width, std::size_t(count) * width);
    for (std::size_t done = 0; done < all.size(); done += pieceBytes) {
        const std::span<const std::byte> piece = all.subspan(done, std::min(pieceBytes, all.size() - done));
        convertPiece(tensor.dtype, piece.data(), piece.size() / width, destination + done / width);
        release(piece.data(), piece.size());
    }
}

std::vector<float> SafetensorsFile::readFloats(const TensorInfo& tensor) const {
    std::vector<float> values(std::size_t(tensor.elements()));
    readFloats(tensor, values.data());
    return values;
}

}  // namespace retort
