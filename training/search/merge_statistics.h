// What Fisher-weighted averaging and RegMean need of each parent besides its weights. Written as safetensors
// with the weights' names, so that training/merging's formulas find each beside its tensor
// (ModelTensor::statistics).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "training/model/causal_lm.h"
#include "training/recipes/token_sequence.h"

namespace retort {

/// By Hugging Face's names, float32, as the checkpoint's file orients them.
struct WeightStatistics {
    std::string kind;  ///< "fisher" or "gram"
    std::int64_t examples = 0, tokens = 0;
    std::vector<std::pair<std::string, torch::Tensor>> tensors;

    /// Adds kind and counts to the file's metadata. Throws Error.
    void save(const std::filesystem::path& file) const;
};

struct FisherSettings {
    /// The labels are drawn from the model's own distribution: the true Fisher information. Otherwise they
    /// are the targets: the empirical one, which needs no second forward pass and is what is mostly used.
    bool sampleLabels = false;
    std::uint64_t seed = 1;
};

/// Called with the number of examples done.
using StatisticsProgress = std::function<void(std::int64_t done)>;

/// Diagonal of the Fisher information of every weight: the mean over the examples of the squared gradient of
/// the example's log-likelihood (sum over its targets), one backward pass an example; Matena and Raffel 2022.
/// A stop ends it after the examples done so far. Throws Error when there are none.
WeightStatistics diagonalFisher(CausalLM& model, const std::vector<TokenSequence>& examples,
                                const FisherSettings& settings = {}, const StatisticsProgress& progress = {},
                                std::stop_token stop = {});

/// XᵀX / tokens of the inputs of every linear layer, [in, in], over all tokens of the examples (Jin et al.
/// 2023): query, key and value, attention's output projection, gate and up, down, and the output layer where
/// it is not tied. Embeddings, norms and biases have none: RegMean averages them. For Llama's shape only:
/// throws Error for GPT-2.
WeightStatistics gramMatrices(CausalLM& model, const std::vector<TokenSequence>& examples,
                              const StatisticsProgress& progress = {}, std::stop_token stop = {});

}  // namespace retort
