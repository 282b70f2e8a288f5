// model.safetensors.index.json.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <unordered_map>

namespace retort {

struct ShardIndex {
    std::unordered_map<std::string, std::string>
        shardOf;                              ///< tensor name -> plain file name in the index's folder
    std::optional<std::uint64_t> totalBytes;  ///< metadata.total_size
};

/// Throws Error naming the file: not JSON, a tensor listed twice, a shard that is no plain name of a
/// .safetensors file.
ShardIndex readShardIndex(const std::filesystem::path& path);
void writeShardIndex(const std::filesystem::path& path, const ShardIndex& index);

}  // namespace retort
