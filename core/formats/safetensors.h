// The safetensors file format (huggingface/safetensors, engine.md d.1): u64 header length | JSON header | bytes.
//
// The reader takes nothing on trust: sizes are overflow-checked, tensors must tile the buffer without holes, overlap or
// rest, names are unique, the header is capped. Bytes are fetched with pread, never mapped: a file that shrinks under
// us is an error, not a SIGBUS.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace retort {

/// The element types that Retort computes with. The format knows more (FP8, FP4, complex); those are refused by name.
enum class Dtype { Float64, Float32, Float16, BFloat16, Int64, Int32, Int16, Int8, UInt8, Bool };

/// "F32", "BF16" …: as the header writes it.
const char* dtypeName(Dtype dtype);
std::size_t dtypeBytes(Dtype dtype);

struct TensorInfo {
    std::string name;
    Dtype dtype = Dtype::Float32;
    std::vector<std::int64_t> shape;    ///< empty: a scalar
    std::uint64_t begin = 0, size = 0;  ///< bytes: offset in the file's buffer, length

    std::int64_t elements() const;
};

/// An open, validated file. All member functions may be called from several threads at once.
class SafetensorsFile {
  public:
    /// Reads and checks the header. Throws Error naming the file and, where there is one, the tensor.
    explicit SafetensorsFile(const std::filesystem::path& path);
    ~SafetensorsFile();
    SafetensorsFile(SafetensorsFile&& other) noexcept;
    SafetensorsFile& operator=(SafetensorsFile&&) = delete;

    const std::filesystem::path& path() const { return m_path; }
    /// In the order of their bytes.
    const std::vector<TensorInfo>& tensors() const { return m_tensors; }
    /// nullptr when there is none of this name.
    const TensorInfo* find(std::string_view name) const;
    /// As find(), but throws Error when missing.
    const TensorInfo& at(std::string_view name) const;
    /// `__metadata__`.
    const std::map<std::string, std::string>& metadata() const { return m_metadata; }

    /// The tensor's `size` bytes into `destination`. Throws Error when the file is no longer what it was.
    void read(const TensorInfo& tensor, void* destination) const;
    /// The elements of a floating-point tensor (any of the four types) as float32.
    std::vector<float> readFloats(const TensorInfo& tensor) const;

  private:
    std::filesystem::path m_path;
    int m_fd = -1;
    std::uint64_t m_bufferStart = 0;
    std::vector<TensorInfo> m_tensors;
    std::unordered_map<std::string_view, std::size_t> m_byName;  // views into m_tensors
    std::map<std::string, std::string> m_metadata;
};

/// A tensor to write: `data` are its elements, contiguous, row by row, in this machine's (little-endian) order.
struct TensorData {
    std::string name;
    Dtype dtype = Dtype::Float32;
    std::vector<std::int64_t> shape;
    const void* data = nullptr;
};

/// Writes beside `path`, syncs, renames: a reader that has the old file open keeps it. Tensors are ordered by falling
/// alignment, then name, so that each lies aligned. Throws Error (disk full, two tensors of one name, negative sizes).
void writeSafetensors(const std::filesystem::path& path, std::vector<TensorData> tensors,
                      const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

}  // namespace retort
