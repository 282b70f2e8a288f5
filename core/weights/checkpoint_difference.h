// Two checkpoint folders in weight space: tensor by tensor, and what cannot be set side by side.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/weights/tensor_difference.h"

namespace retort {

struct WeightOptions {
    std::optional<std::filesystem::path> base;  ///< the checkpoint that both came from: adds task vectors
    double topShare = 0.2;                      ///< TIES' density for sign conflicts
    bool spectra = false;                       ///< of the differences of matrices; takes much longer
    int threads = 2;
    /// Called from the working threads, with elements.
    std::function<void(std::int64_t done, std::int64_t total)> progress;
};

struct ShapeDifference {
    std::string name;
    std::vector<std::int64_t> a, b;
};

struct CheckpointDifference {
    std::vector<TensorDifference> tensors;  ///< in the order of a's blocks
    std::vector<std::string> onlyA, onlyB;
    std::vector<ShapeDifference> otherShapes;  ///< and not compared
    std::vector<std::string> notCompared;  ///< no floating-point numbers, or not in the base (with its shape)
    /// Input and output embeddings were compared token by token, since the tokenizers number them
    /// differently.
    bool alignedByToken = false;
    bool complete = true;  ///< false: stopped before the end

    std::int64_t elements() const;
    /// Of all compared elements as one vector. NaN without any.
    double cosine() const;
    double relativeL2() const;
    double changed() const;
};

/// Throws Error for folders that hold no readable weights. Differing architectures are no error: what has the
/// same name and shape is compared, the rest listed. Rows of embeddings belong to tokens, so where both
/// folders have tokenizers that differ, rows are paired by the tokens' texts (and only those that both have
/// are compared); without a tokenizer they are paired by number.
CheckpointDifference compareCheckpoints(const std::filesystem::path& a, const std::filesystem::path& b,
                                        const WeightOptions& options = {}, std::stop_token stop = {});

}  // namespace retort
