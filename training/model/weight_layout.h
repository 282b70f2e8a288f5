// Where each weight lies in the flat parameter buffer. Query, key and value rows follow each other, and so do
// gate and up: one matrix multiplication each, while the names stay Hugging Face's.
#pragma once

#include <cstdint>
#include <vector>

#include "training/model/model_shape.h"

namespace retort {

/// Offsets (in floats) of one layer's weights; -1: the model has none.
struct LayerOffsets {
    std::int64_t inputNorm = -1, qkv = -1, qkvBias = -1, qNorm = -1, kNorm = -1, o = -1;
    std::int64_t postNorm = -1, gateUp = -1, down = -1;
};

struct WeightLayout {
    explicit WeightLayout(const ModelShape& shape);

    std::vector<WeightSlice> slices;  ///< in file order, which is the order in the buffer
    std::vector<LayerOffsets> layers;
    std::int64_t embedding = -1, positions = -1, finalNorm = -1, head = -1;  ///< head == embedding when tied
    std::int64_t size = 0;  ///< floats in the buffer, gaps included

  private:
    std::int64_t add(const std::string& name, std::vector<std::int64_t> shape, bool aligned = true);
    void addAttention(const ModelShape& shape, const std::string& prefix, LayerOffsets& at);
    void addMlp(const ModelShape& shape, const std::string& prefix, LayerOffsets& at);
};

}  // namespace retort
