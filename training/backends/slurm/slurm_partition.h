// The partitions of a cluster, as sinfo has them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

/// With nodes of one kind: a partition with several kinds is there once for each.
struct SlurmPartition {
    std::string name;
    bool isDefault = false, isUp = true;
    std::string timeLimit;                           ///< the longest: "1-00:00:00", "infinite"
    std::int64_t nodes = 0, cpus = 0, memoryMb = 0;  ///< of this kind; a node's; a node's
    std::string gpus;                                ///< a node's, as --gres takes them: "gpu:a100:4"

    bool operator==(const SlurmPartition&) const = default;
};

/// `sinfo -h -e -o` with this format; the marker begins each line of ours.
std::string sinfoFormat(const std::string& marker);
std::vector<SlurmPartition> parseSinfo(std::string_view text, const std::string& marker);

}  // namespace retort
