// Checkpoint folders of a few numbers, for tests that look at them from outside.
#pragma once

#include <filesystem>
#include <vector>

#include "core/formats/sharded_safetensors.h"
#include "core/util/files.h"

namespace retort {

struct SmallCheckpoint {
    std::string modelType = "llama";
    std::int64_t hidden = 4;
    float value = 1;
    std::string tokenizer =
        "{\"kind\": \"nobody's\"}";  ///< of a kind that Retort does not know: the file is compared
    Dtype dtype = Dtype::Float32;
};

inline std::filesystem::path makeCheckpoint(const std::filesystem::path& folder,
                                            const SmallCheckpoint& is = {}) {
    std::filesystem::create_directories(folder);
    writeFileAtomically(folder / "config.json", "{\"model_type\": \"" + is.modelType +
                                                    "\", \"hidden_size\": " + std::to_string(is.hidden) +
                                                    ", \"num_hidden_layers\": 1, \"vocab_size\": 8}");
    if (!is.tokenizer.empty()) writeFileAtomically(folder / "tokenizer.json", is.tokenizer);
    const std::vector<float> values(std::size_t(is.hidden) * 8, is.value);
    writeCheckpointWeights(folder, {{"embed", is.dtype, {8, is.hidden}, values.data(), true}});
    return folder;
}

}  // namespace retort
