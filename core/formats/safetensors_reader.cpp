#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bit>
#include <cerrno>
#include <cstring>

#include "core/formats/half.h"
#include "core/formats/safetensors.h"
#include "core/formats/safetensors_header.h"
#include "core/util/error.h"

namespace retort {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

namespace {

constexpr std::uint64_t maxHeaderBytes = 100'000'000;

void readAt(int fd, void* destination, std::uint64_t size, std::uint64_t offset, const std::string& where) {
    char* out = static_cast<char*>(destination);
    while (size > 0) {
        const ssize_t n = ::pread(fd, out, std::size_t(std::min<std::uint64_t>(size, 1u << 30)), off_t(offset));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) throw Error(std::string("cannot read: ") + std::strerror(errno), where);
        if (n == 0) throw Error("ends too early: it was changed while it was read", where);
        out += n;
        offset += std::uint64_t(n);
        size -= std::uint64_t(n);
    }
}

template <typename Element, typename Convert>
std::vector<float> converted(const std::vector<char>& bytes, Convert convert) {
    std::vector<float> values(bytes.size() / sizeof(Element));
    for (std::size_t i = 0; i < values.size(); ++i) {
        Element element;
        std::memcpy(&element, bytes.data() + i * sizeof(Element), sizeof element);
        values[i] = convert(element);
    }
    return values;
}

}  // namespace

SafetensorsFile::SafetensorsFile(const std::filesystem::path& path) : m_path(path) {
    const std::string where = path.string();
    m_fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (m_fd < 0) throw Error(std::string("cannot open: ") + std::strerror(errno), where);
    try {
        struct stat status {};
        if (::fstat(m_fd, &status) != 0 || !S_ISREG(status.st_mode)) throw Error("not a regular file", where);
        const std::uint64_t fileBytes = std::uint64_t(status.st_size);
        if (fileBytes < 8) throw Error("not a safetensors file: shorter than 8 bytes", where);
        std::uint64_t headerBytes = 0;
        readAt(m_fd, &headerBytes, 8, 0, where);
        if (headerBytes > maxHeaderBytes) throw Error("not a safetensors file: its header would be too large", where);
        if (headerBytes > fileBytes - 8)
            throw Error("not a safetensors file, or truncated: its header would reach past its end", where);
        std::string header(headerBytes, '\0');
        readAt(m_fd, header.data(), headerBytes, 8, where);
        m_bufferStart = 8 + headerBytes;
        SafetensorsHeader parsed = parseSafetensorsHeader(header, fileBytes - m_bufferStart, where);
        m_tensors = std::move(parsed.tensors);
        m_metadata = std::move(parsed.metadata);
    } catch (...) {
        ::close(m_fd);
        throw;
    }
    for (std::size_t i = 0; i < m_tensors.size(); ++i) m_byName.emplace(m_tensors[i].name, i);
}

SafetensorsFile::~SafetensorsFile() {
    if (m_fd >= 0) ::close(m_fd);
}

SafetensorsFile::SafetensorsFile(SafetensorsFile&& other) noexcept
    : m_path(std::move(other.m_path)),
      m_fd(std::exchange(other.m_fd, -1)),
      m_bufferStart(other.m_bufferStart),
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

void SafetensorsFile::read(const TensorInfo& tensor, void* destination) const {
    readAt(m_fd, destination, tensor.size, m_bufferStart + tensor.begin, m_path.string());
}

std::vector<float> SafetensorsFile::readFloats(const TensorInfo& tensor) const {
    std::vector<char> bytes;
    if (tensor.dtype != Dtype::Float32) {
        bytes.resize(tensor.size);
        read(tensor, bytes.data());
    }
    switch (tensor.dtype) {
        case Dtype::Float32: {
            std::vector<float> values(std::size_t(tensor.elements()));
            read(tensor, values.data());
            return values;
        }
        case Dtype::Float64: return converted<double>(bytes, [](double value) { return float(value); });
        case Dtype::Float16: return converted<std::uint16_t>(bytes, float16ToFloat);
        case Dtype::BFloat16: return converted<std::uint16_t>(bytes, bfloat16ToFloat);
        default: break;
    }
    throw Error("tensor '" + tensor.name + "' holds " + dtypeName(tensor.dtype) + ", not floating-point numbers",
                m_path.string());
}

}  // namespace retort
