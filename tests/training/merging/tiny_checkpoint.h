// Checkpoints of a few numbers, in the Llama shape, made where a test needs them.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/formats/sharded_safetensors.h"
#include "core/util/json.h"

struct TinyTensor {
    std::vector<std::int64_t> shape;
    std::vector<float> values;
};

struct TinyCheckpoint {
    int layers = 2, hidden = 4, vocabulary = 6;
    bool isTied = false;
    retort::Dtype dtype = retort::Dtype::Float32;
    std::uint64_t shardBytes = retort::defaultShardBytes;
    std::string modelType = "llama";
    std::vector<std::string> tokens;  ///< of tokenizer.json; empty: there is none
    std::vector<std::string> addedTokens;
    std::map<std::string, TinyTensor> more;  ///< added, or instead of what fill() gives
    std::vector<std::string> missing;

    /// Values depend on name, place and `seed`.
    void write(const std::filesystem::path& folder, int seed) const;
    std::map<std::string, TinyTensor> fill(int seed) const;
};

/// What a checkpoint folder holds, as float32.
std::map<std::string, TinyTensor> readTiny(const std::filesystem::path& folder);
retort::Json readJsonFile(const std::filesystem::path& file);
