// Packed tokens seen as the completions that they belong to.
#pragma once

#include <cstdint>
#include <vector>

#include "training/tensor.h"

namespace retort {

/// Number of the segment of each token: {2, 1} gives [0, 0, 1].
torch::Tensor segmentRows(const std::vector<std::int64_t>& lengths);
/// Each segment's mean, at each of its tokens; differentiable. `values` [Σ lengths].
torch::Tensor segmentMeans(const torch::Tensor& values, const std::vector<std::int64_t>& lengths);

}  // namespace retort
