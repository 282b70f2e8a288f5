// A model's weights in a checkpoint folder: one model.safetensors, or shards that
// model.safetensors.index.json lists
// ({"metadata": {"total_size": bytes}, "weight_map": {tensor: shard}}), as Hugging Face's hub has them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "core/formats/safetensors.h"

namespace retort {

/// The open weights of a folder. All member functions may be called from several threads at once.
class CheckpointWeights {
  public:
    /// Opens model.safetensors, else every shard that the index names. Throws Error when there is neither,
    /// when a shard is missing or is not a plain file name, when a tensor is not in the shard that the index
    /// says, or is in two; then nothing stays open.
    explicit CheckpointWeights(const std::filesystem::path& folder);

    /// Every tensor, shard by shard in the order of their names, in the order of their bytes.
    const std::vector<const TensorInfo*>& tensors() const { return m_tensors; }
    /// nullptr when there is none of this name.
    const TensorInfo* find(std::string_view name) const;
    /// As find(), but throws Error when missing.
    const TensorInfo& at(std::string_view name) const;
    /// The file that holds a tensor of tensors(), for messages.
    const std::filesystem::path& fileOf(const TensorInfo& tensor) const { return shardOf(tensor).path(); }
    /// Bytes of all tensors together.
    std::uint64_t totalBytes() const { return m_totalBytes; }

    /// As in SafetensorsFile; `tensor` is one of tensors().
    std::span<const std::byte> bytes(const TensorInfo& tensor) const { return shardOf(tensor).bytes(tensor); }
    void readFloats(const TensorInfo& tensor, float* destination) const {
        shardOf(tensor).readFloats(tensor, destination);
    }
    void readFloats(const TensorInfo& tensor, std::int64_t first, std::int64_t count,
                    float* destination) const {
        shardOf(tensor).readFloats(tensor, first, count, destination);
    }

  private:
    void openShards(const std::filesystem::path& folder, const std::filesystem::path& index);
    void add(std::unique_ptr<SafetensorsFile> shard);
    const SafetensorsFile& shardOf(const TensorInfo& tensor) const;

    struct Place {
        const TensorInfo* tensor;
        const SafetensorsFile* shard;
    };
    std::filesystem::path m_where;  // the single file or the index
    std::vector<std::unique_ptr<SafetensorsFile>> m_shards;
    std::vector<const TensorInfo*> m_tensors;
    std::unordered_map<std::string_view, Place> m_places;  // views into the shards' names
    std::uint64_t m_totalBytes = 0;
};

/// transformers' own limit.
inline constexpr std::uint64_t defaultShardBytes = 5'000'000'000;

/// Writes model.safetensors, or, when the tensors take more than `maxShardBytes`, shards of at most that (a
/// larger tensor alone in one) in the order of `tensors` and then their index. Weight files of an earlier
/// save that would be read instead or lie about are removed at the end. Throws Error as writeSafetensors()
/// does.
void writeCheckpointWeights(const std::filesystem::path& folder, const std::vector<TensorData>& tensors,
                            std::uint64_t maxShardBytes = defaultShardBytes);

}  // namespace retort
