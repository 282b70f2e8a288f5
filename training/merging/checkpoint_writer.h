// Weights of a known layout, written from several threads at once: every tensor has its place in its file
// before the first byte is there, so nothing is collected in memory.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/formats/safetensors.h"

namespace retort {

class CheckpointWriter {
  public:
    struct Tensor {
        std::string name;
        Dtype dtype = Dtype::Float32;
        std::vector<std::int64_t> shape;
        std::uint64_t bytes = 0;
    };

    /// Makes model.safetensors, or shards of at most `shardBytes` in the order of `tensors`, in an existing
    /// folder, each of its full length, so that a full disk is noticed now. Throws Error.
    CheckpointWriter(const std::filesystem::path& folder, const std::vector<Tensor>& tensors,
                     std::uint64_t shardBytes);
    ~CheckpointWriter();
    CheckpointWriter(const CheckpointWriter&) = delete;
    CheckpointWriter& operator=(const CheckpointWriter&) = delete;

    /// Bytes of the tensor from `offset` on. From any thread. Throws Error.
    void write(std::size_t tensor, std::uint64_t offset, std::span<const std::byte> data);
    /// The elements from `first` on, rounded to the tensor's type (floating-point). From any thread.
    void writeFloats(std::size_t tensor, std::uint64_t first, std::span<const float> values);

    /// Writes the headers, without which a file cannot be read, the index, and waits for the disk.
    void finish();

  private:
    struct File {
        std::filesystem::path path;
        int fd = -1;
        std::string header;
        std::uint64_t bytes = 0;  ///< of the whole file
    };
    struct Place {
        std::size_t file = 0;
        std::uint64_t offset = 0;  ///< in the file
    };

    void layOut(const std::vector<std::size_t>& members, File& file);
    void create(File& file) const;
    void startWriteback(const File& file, std::uint64_t added);
    void writeAt(const File& file, std::uint64_t offset, const void* data, std::uint64_t size) const;
    [[noreturn]] void fail(const char* action, const File& file) const;

    std::filesystem::path m_folder;
    std::vector<Tensor> m_tensors;
    std::vector<Place> m_places;
    std::vector<File> m_files;
    std::atomic<std::uint64_t> m_written = 0;  ///< bytes, of all files
};

}  // namespace retort
