// The only place that knows which LibTorch this is: 1.13 (Debian 12) or 2.x.
#pragma once

#include <torch/version.h>

#include <cmath>
#include <limits>

#include "training/tensor.h"

#define RETORT_TORCH_AT_LEAST(major, minor) \
    (TORCH_VERSION_MAJOR > (major) || (TORCH_VERSION_MAJOR == (major) && TORCH_VERSION_MINOR >= (minor)))

namespace retort {

/// softmax(q·kᵀ / sqrt(width), causal)·v of [B, heads, length, width].
inline torch::Tensor causalAttention(const torch::Tensor& q, const torch::Tensor& k, const torch::Tensor& v) {
#if RETORT_TORCH_AT_LEAST(2, 1)
    return at::scaled_dot_product_attention(q, k, v, {}, 0.0, true);
#else
    const auto length = q.size(2);
    const torch::Tensor future =
        torch::ones({length, length}, torch::TensorOptions().dtype(torch::kBool).device(q.device())).triu(1);
    torch::Tensor scores = torch::matmul(q, k.transpose(-1, -2)) / std::sqrt(double(q.size(3)));
    scores = scores.masked_fill(future, -std::numeric_limits<double>::infinity());
    return torch::matmul(torch::softmax(scores, -1), v);
#endif
}

}  // namespace retort
