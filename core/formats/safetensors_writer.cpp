#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <tuple>
#include <utility>

#include "core/formats/half.h"
#include "core/formats/safetensors.h"
#include "core/util/error.h"
#include "core/util/files.h"
#include "core/util/json.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

// Falling alignment, then name: with every size a multiple of its alignment, each tensor lies aligned.
void order(std::vector<TensorData>& tensors, const std::string& where) {
    std::sort(tensors.begin(), tensors.end(), [](const TensorData& a, const TensorData& b) {
        return std::tuple(-std::int64_t(dtypeBytes(a.dtype)), std::string_view(a.name)) <
               std::tuple(-std::int64_t(dtypeBytes(b.dtype)), std::string_view(b.name));
    });
    std::vector<std::string_view> names;
    for (const TensorData& tensor : tensors) names.push_back(tensor.name);
    std::sort(names.begin(), names.end());
    for (const TensorData& tensor : tensors)
        if (tensor.fromFloats && dtypeName(tensor.dtype)[0] != 'F' && tensor.dtype != Dtype::BFloat16)
            throw Error("tensor '" + tensor.name + "' cannot be written as " + dtypeName(tensor.dtype),
                        where);
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) throw Error("two tensors named '" + std::string(*twice) + "'", where);
    if (std::binary_search(names.begin(), names.end(), "__metadata__"))
        throw Error("'__metadata__' cannot be a tensor's name", where);
}

std::string headerText(const std::vector<TensorData>& tensors,
                       const std::map<std::string, std::string>& metadata, const std::string& where) {
    Json header = Json::object();
    if (!metadata.empty()) header["__metadata__"] = metadata;
    std::uint64_t begin = 0;
    for (const TensorData& tensor : tensors) {
        const std::uint64_t end = begin + tensorBytes(tensor, where);
        header.push_back(
            {tensor.name,
             {{"dtype", dtypeName(tensor.dtype)}, {"shape", tensor.shape}, {"data_offsets", {begin, end}}}});
        begin = end;
    }
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    return text;
}

// The file being written; removed again unless it was renamed into place.
class TemporaryFile {
  public:
    explicit TemporaryFile(const fs::path& target) : m_target(target), m_path(target) {
        m_path += ".tmp" + std::to_string(::getpid());
        m_fd = ::open(m_path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
        if (m_fd < 0) fail("write");
    }
    ~TemporaryFile() {
        if (m_fd < 0) return;
        ::close(m_fd);
        ::unlink(m_path.c_str());
    }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;

    void write(const void* data, std::uint64_t size) {
        const char* bytes = static_cast<const char*>(data);
        while (size > 0) {
            const ssize_t n = ::write(m_fd, bytes, std::size_t(std::min<std::uint64_t>(size, 1u << 30)));
            if (n < 0 && errno == EINTR) continue;
            if (n < 0) fail("write");
            bytes += n;
            size -= std::uint64_t(n);
        }
    }
    void moveIntoPlace() {
        if (::fsync(m_fd) != 0) fail("sync");
        if (::rename(m_path.c_str(), m_target.c_str()) != 0) fail("rename into place");
        ::close(std::exchange(m_fd, -1));
        const fs::path folder = m_target.parent_path();
        syncPath(folder.empty() ? fs::path(".") : folder);
    }

  private:
    [[noreturn]] void fail(const char* action) const {
        const int code = errno;
        throw Error(std::string("cannot ") + action + ": " + std::strerror(code), m_target.string(),
                    code == ENOSPC ? "free some space on this disk" : "");
    }

    fs::path m_target, m_path;
    int m_fd = -1;
};

template <typename Element, typename Round>
void writeRounded(TemporaryFile& file, const float* values, std::size_t count, Round round) {
    constexpr std::size_t pieceElements = 1 << 16;
    std::vector<Element> piece;
    for (std::size_t done = 0; done < count; done += piece.size()) {
        piece.resize(std::min(pieceElements, count - done));
        std::transform(values + done, values + done + piece.size(), piece.begin(), round);
        file.write(piece.data(), piece.size() * sizeof(Element));
    }
}

void writeElements(TemporaryFile& file, const TensorData& tensor, std::uint64_t bytes) {
    const std::size_t count = bytes / dtypeBytes(tensor.dtype);
    const float* values = static_cast<const float*>(tensor.data);
    if (!tensor.fromFloats || tensor.dtype == Dtype::Float32)
        file.write(tensor.data, bytes);
    else if (tensor.dtype == Dtype::BFloat16)
        writeRounded<std::uint16_t>(file, values, count, floatToBfloat16);
    else if (tensor.dtype == Dtype::Float16)
        writeRounded<std::uint16_t>(file, values, count, floatToFloat16);
    else
        writeRounded<double>(file, values, count, [](float value) { return double(value); });
}

}  // namespace

std::uint64_t tensorBytes(const TensorData& tensor, const std::string& where) {
    std::uint64_t bytes = dtypeBytes(tensor.dtype);
    for (std::int64_t size : tensor.shape)
        if (size < 0 || __builtin_mul_overflow(bytes, std::uint64_t(size), &bytes))
            throw Error("tensor '" + tensor.name + "' has an impossible shape", where);
    return bytes;
}

void writeSafetensors(const fs::path& path, std::vector<TensorData> tensors,
                      const std::map<std::string, std::string>& metadata) {
    const std::string where = path.string();
    order(tensors, where);
    const std::string header = headerText(tensors, metadata, where);
    TemporaryFile file(path);
    const std::uint64_t headerBytes = header.size();
    file.write(&headerBytes, 8);
    file.write(header.data(), header.size());
    for (const TensorData& tensor : tensors) writeElements(file, tensor, tensorBytes(tensor, where));
    file.moveIntoPlace();
}

}  // namespace retort
