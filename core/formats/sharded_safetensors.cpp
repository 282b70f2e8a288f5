#include "core/formats/sharded_safetensors.h"

#include <spdlog/spdlog.h>

#include <cstdio>
#include <set>

#include "core/formats/shard_index.h"
#include "core/util/error.h"

namespace fs = std::filesystem;

namespace retort {
namespace {

constexpr const char* singleName = "model.safetensors";
constexpr const char* indexName = "model.safetensors.index.json";

std::string shardName(std::size_t number, std::size_t count) {
    char name[64];
    std::snprintf(name, sizeof name, "model-%05zu-of-%05zu.safetensors", number, count);
    return name;
}

void requireShards(const fs::path& folder, const std::set<std::string>& names, const std::string& where) {
    std::string missing;
    std::size_t count = 0;
    for (const std::string& name : names) {
        std::error_code code;
        if (fs::exists(folder / name, code)) continue;
        if (count++ == 0) missing = name;
    }
    if (count > 0)
        throw Error(std::to_string(count) + " of " + std::to_string(names.size()) +
                        " shards are missing, first " + missing,
                    where, "fetch the whole checkpoint");
}

// Greedy, in the given order, as transformers does it.
std::vector<std::vector<TensorData>> packed(const std::vector<TensorData>& tensors, std::uint64_t maxBytes,
                                            const std::string& where) {
    std::vector<std::vector<TensorData>> shards;
    std::uint64_t used = 0;
    for (const TensorData& tensor : tensors) {
        const std::uint64_t bytes = tensorBytes(tensor, where);
        if (shards.empty() || used + bytes > maxBytes) {
            if (shards.empty() || !shards.back().empty()) shards.emplace_back();
            used = 0;
        }
        shards.back().push_back(tensor);
        used += bytes;
    }
    if (shards.empty()) shards.emplace_back();
    return shards;
}

bool isWeightFile(const std::string& name) {
    unsigned number = 0, count = 0;
    return name == singleName || name == indexName ||
           (std::sscanf(name.c_str(), "model-%u-of-%u", &number, &count) == 2 &&
            name == shardName(number, count));
}

void removeOthers(const fs::path& folder, const std::set<std::string>& kept) {
    std::vector<fs::path> stale;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder))
        if (const std::string name = entry.path().filename().string();
            isWeightFile(name) && !kept.contains(name))
            stale.push_back(entry.path());
    for (const fs::path& path : stale) fs::remove(path);
}

}  // namespace

CheckpointWeights::CheckpointWeights(const fs::path& folder) : m_where(folder / singleName) {
    const fs::path index = folder / indexName;
    std::error_code code;
    if (fs::exists(m_where, code) || !fs::exists(index, code))
        add(std::make_unique<SafetensorsFile>(m_where));
    else
        openShards(folder, index);
}

void CheckpointWeights::openShards(const fs::path& folder, const fs::path& path) {
    m_where = path;
    const std::string where = path.string();
    const ShardIndex index = readShardIndex(path);
    std::set<std::string> names;
    for (const auto& [tensor, shard] : index.shardOf) names.insert(shard);
    requireShards(folder, names, where);
    for (const std::string& name : names) add(std::make_unique<SafetensorsFile>(folder / name));
    for (const auto& [tensor, shard] : index.shardOf) {
        const TensorInfo* found = find(tensor);
        if (found == nullptr) throw Error("lists the tensor '" + tensor + "', which is in no shard", where);
        if (fileOf(*found).filename() != shard)
            throw Error("says that the tensor '" + tensor + "' is in " + shard + ", it is in " +
                            fileOf(*found).filename().string(),
                        where);
    }
    // Programs differ in what they count for tied weights; nothing depends on the number.
    if (index.totalBytes && *index.totalBytes != m_totalBytes)
        spdlog::warn("{}: total_size is {}, the tensors have {} bytes", where, *index.totalBytes,
                     m_totalBytes);
}

void CheckpointWeights::add(std::unique_ptr<SafetensorsFile> shard) {
    for (const TensorInfo& tensor : shard->tensors()) {
        const auto [place, isNew] = m_places.emplace(tensor.name, Place{&tensor, shard.get()});
        if (!isNew)
            throw Error("the tensor '" + tensor.name +
                            "' is in two shards: " + place->second.shard->path().filename().string() +
                            " and " + shard->path().filename().string(),
                        m_where.string());
        m_tensors.push_back(&tensor);
        m_totalBytes += tensor.size;
    }
    m_shards.push_back(std::move(shard));
}

const TensorInfo* CheckpointWeights::find(std::string_view name) const {
    const auto found = m_places.find(name);
    return found == m_places.end() ? nullptr : found->second.tensor;
}

const TensorInfo& CheckpointWeights::at(std::string_view name) const {
    if (const TensorInfo* tensor = find(name)) return *tensor;
    throw Error("has no tensor '" + std::string(name) + "'", m_where.string());
}

const SafetensorsFile& CheckpointWeights::shardOf(const TensorInfo& tensor) const {
    return *m_places.at(tensor.name).shard;
}

void writeCheckpointWeights(const fs::path& folder, const std::vector<TensorData>& tensors,
                            std::uint64_t maxShardBytes) {
    const auto shards = packed(tensors, maxShardBytes, folder.string());
    if (shards.size() == 1) {
        writeSafetensors(folder / singleName, shards.front());
        return removeOthers(folder, {singleName});
    }
    ShardIndex index;
    index.totalBytes = 0;
    std::set<std::string> kept = {indexName};
    for (std::size_t i = 0; i < shards.size(); ++i)
        for (const TensorData& tensor : shards[i]) {
            if (!index.shardOf.emplace(tensor.name, shardName(i + 1, shards.size())).second)
                throw Error("two tensors named '" + tensor.name + "'", folder.string());
            *index.totalBytes += tensorBytes(tensor, folder.string());
        }
    for (std::size_t i = 0; i < shards.size(); ++i) {
        const std::string name = shardName(i + 1, shards.size());
        writeSafetensors(folder / name, shards[i]);
        kept.insert(name);
    }
    writeShardIndex(folder / indexName, index);
    removeOthers(folder, kept);
}

}  // namespace retort
