// What a checkpoint folder holds, as far as it decides whether two checkpoints can be compared or merged:
// architecture, shapes, types and tokenizer. Reads headers and small files, no weights.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "core/formats/safetensors.h"

namespace retort {

struct CheckpointFacts {
    std::string path;
    std::string architecture;  ///< model_type of config.json: "llama", "qwen3" …
    std::string shape;         ///< "4 layers × 128, 4 heads, 64 tokens": of config.json
    std::string dtype;         ///< "F32", or "BF16, F32" where the tensors differ
    std::int64_t parameters = 0;
    std::string tokenizerHash;     ///< of vocabulary and merges; of the file where Retort does not know its
                                   ///< kind; empty: none
    std::string chatTemplateHash;  ///< of its text; empty: none
    struct Tensor {
        Dtype dtype = Dtype::Float32;
        std::vector<std::int64_t> shape;
        bool operator==(const Tensor&) const = default;
    };
    std::map<std::string, Tensor> tensors;
    std::vector<std::string> problems;  ///< what could not be read, in sentences
};

/// Never throws: what cannot be read is told in `problems`.
CheckpointFacts readCheckpointFacts(const std::filesystem::path& folder);

}  // namespace retort
