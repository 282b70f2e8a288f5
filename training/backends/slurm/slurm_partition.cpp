#include "training/backends/slurm/slurm_partition.h"

#include <cstdlib>
#include <sstream>

#include "training/backends/slurm/slurm_job.h"

namespace retort {
namespace {

std::int64_t number(const std::string& text) {
    return std::strtoll(text.c_str(), nullptr, 10);
}

/// "gpu:a100:4(S:0-1),shard:8" → "gpu:a100:4"
std::string gpusIn(const std::string& gres) {
    std::istringstream parts(gres);
    for (std::string part; std::getline(parts, part, ',');)
        if (part.rfind("gpu", 0) == 0) return part.substr(0, part.find('('));
    return {};
}

}  // namespace

std::string sinfoFormat(const std::string& marker) {
    std::string format = marker;
    for (const char* field : {"%P", "%a", "%l", "%D", "%c", "%m", "%G"})
        format.append(1, slurmSeparator).append(field);
    return format;
}

std::vector<SlurmPartition> parseSinfo(std::string_view text, const std::string& marker) {
    constexpr std::size_t fieldCount = 8;
    std::vector<SlurmPartition> partitions;
    std::istringstream lines{std::string(text)};
    for (std::string line; std::getline(lines, line);) {
        std::vector<std::string> fields;
        std::istringstream parts(line);
        for (std::string field; std::getline(parts, field, slurmSeparator);) fields.push_back(field);
        if (fields.size() != fieldCount || fields[0] != marker || fields[1].empty()) continue;
        SlurmPartition partition;
        partition.name = fields[1];
        if (partition.name.back() == '*') {
            partition.isDefault = true;
            partition.name.pop_back();
        }
        partition.isUp = fields[2] == "up";
        partition.timeLimit = fields[3];
        partition.nodes = number(fields[4]);
        partition.cpus = number(fields[5]);
        partition.memoryMb = number(fields[6]);
        partition.gpus = gpusIn(fields[7]);
        partitions.push_back(std::move(partition));
    }
    return partitions;
}

}  // namespace retort
