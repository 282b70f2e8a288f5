// The safetensors file format (huggingface/safetensors, engine.md d.1): u64 header length | JSON header |
// bytes.
//
// The reader takes nothing on trust: sizes are overflow-checked, tensors must tile the buffer without holes,
// overlap or rest, names are unique, the header is capped. The file is mapped, so that a tensor costs memory
// only while it is looked at; before each look its length is compared with what it was, since touching a
// mapping beyond a file's end would end the program (SIGBUS). Writers here never shorten a file in place:
// they rename.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace retort {

/// The element types that Retort computes with. The format knows more (FP8, FP4, complex); those are refused
/// by name.
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

    /// The tensor's bytes in the mapped file: valid as long as this object, not aligned in files of others.
    /// Throws Error when the file is no longer what it was.
    std::span<const std::byte> bytes(const TensorInfo& tensor) const;
    /// The tensor's `size` bytes into `destination`. Its pages then leave this process again (not the page
    /// cache).
    void read(const TensorInfo& tensor, void* destination) const;
    /// As read(), of a floating-point tensor (any of the four types): its elements() as float32.
    void readFloats(const TensorInfo& tensor, float* destination) const {
        readFloats(tensor, 0, tensor.elements(), destination);
    }
    /// Only the elements [first, first + count), which must be there.
    void readFloats(const TensorInfo& tensor, std::int64_t first, std::int64_t count,
                    float* destination) const;
    std::vector<float> readFloats(const TensorInfo& tensor) const;

  private:
    void release(const std::byte* begin, std::size_t size) const;

    std::filesystem::path m_path;
    int m_fd = -1;
    std::uint64_t m_fileBytes = 0, m_bufferStart = 0;
    const std::byte* m_map = nullptr;
    std::vector<TensorInfo> m_tensors;
    std::unordered_map<std::string_view, std::size_t> m_byName;  // views into m_tensors
    std::map<std::string, std::string> m_metadata;
};

/// A tensor to write: `data` are its elements, contiguous, row by row, in this machine's (little-endian)
/// order.
struct TensorData {
    std::string name;
    Dtype dtype = Dtype::Float32;
    std::vector<std::int64_t> shape;
    const void* data = nullptr;
    /// `data` are float32, rounded to `dtype` (any floating-point type) while they are written.
    bool fromFloats = false;
};

/// Bytes that the tensor takes in a file. Throws Error for an impossible shape; `where` is the file's name
/// for it.
std::uint64_t tensorBytes(const TensorData& tensor, const std::string& where);

/// Writes beside `path`, syncs, renames: a reader that has the old file open keeps it. Tensors are ordered by
/// falling alignment, then name, so that each lies aligned. Throws Error (disk full, two tensors of one name,
/// negative sizes).
void writeSafetensors(const std::filesystem::path& path, std::vector<TensorData> tensors,
                      const std::map<std::string, std::string>& metadata = {{"format", "pt"}});

}  // namespace retort
