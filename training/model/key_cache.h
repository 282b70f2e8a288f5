// Keys and values of sequences that are being decoded, as tensors on the model's device.
#pragma once

#include <cstdint>
#include <vector>

#include "training/model/model_shape.h"
#include "training/tensor.h"

namespace retort {

struct KeyCache {
    /// Room for `rows` sequences of up to `capacity` tokens.
    KeyCache(const ModelShape& shape, std::int64_t rows, std::int64_t capacity,
             const torch::TensorOptions& options);

    std::int64_t rows() const { return keys.front().size(0); }
    std::int64_t capacity() const { return keys.front().size(1); }
    /// The caches of the given rows (int64, on the device), which may repeat.
    void select(const torch::Tensor& rows);

    std::vector<torch::Tensor> keys, values;  ///< a layer: [rows, capacity, kvHeads, headDim]
    torch::Tensor cos, sin;                   ///< [capacity, headDim / 2]; undefined without RoPE
    /// No row holds more tokens. Known here, so that nobody has to ask the device.
    std::int64_t longest = 0;
};

}  // namespace retort
