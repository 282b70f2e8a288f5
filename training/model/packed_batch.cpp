#include <algorithm>
#include <string>

#include "core/util/error.h"
#include "training/model/causal_lm.h"

namespace retort {

PackedBatch PackedBatch::pack(const std::vector<std::vector<std::int32_t>>& ids,
                              const std::vector<std::vector<std::int32_t>>& targets) {
    if (ids.size() != targets.size())
        throw Error("a batch has " + std::to_string(ids.size()) + " sequences but " +
                    std::to_string(targets.size()) + " rows of targets");
    std::int64_t total = 0;
    for (const auto& sequence : ids) total += std::int64_t(sequence.size());
    PackedBatch batch;
    batch.ids = torch::empty({total}, torch::kInt64);
    batch.positions = torch::empty({total}, torch::kInt64);
    batch.targets = torch::empty({total}, torch::kInt64);
    batch.starts = torch::empty({std::int64_t(ids.size()) + 1}, torch::kInt32);
    auto* id = batch.ids.data_ptr<std::int64_t>();
    auto* position = batch.positions.data_ptr<std::int64_t>();
    auto* target = batch.targets.data_ptr<std::int64_t>();
    auto* start = batch.starts.data_ptr<std::int32_t>();
    std::int64_t at = 0;
    for (std::size_t b = 0; b < ids.size(); ++b) {
        if (ids[b].size() != targets[b].size())
            throw Error("sequence " + std::to_string(b) + " of a batch has " + std::to_string(ids[b].size()) +
                        " tokens but " + std::to_string(targets[b].size()) + " targets");
        start[b] = std::int32_t(at);
        for (std::size_t i = 0; i < ids[b].size(); ++i, ++at) {
            id[at] = ids[b][i];
            position[at] = std::int64_t(i);
            target[at] = targets[b][i];
        }
        batch.maxLength = std::max(batch.maxLength, std::int64_t(ids[b].size()));
    }
    start[ids.size()] = std::int32_t(at);
    return batch;
}

}  // namespace retort
