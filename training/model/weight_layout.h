// Where each weight lies in the flat parameter buffer. Query, key and value rows follow each other, and so do
// gate and up: one matrix multiplication each, while the names stay Hugging Face's. A layer's weights are
// contiguous.
#pragma once

#include <cstdint>
#include <vector>

#include "training/model/model_shape.h"

namespace retort {

/// Offsets (in floats) of one layer's weights; -1: the model has none.
struct LayerOffsets {
    std::int64_t inputNorm = -1, qkv = -1, qkvBias = -1, qNorm = -1, kNorm = -1, o = -1;
    std::int64_t postNorm = -1, gateUp = -1, down = -1;  ///< gateUp: GPT-2's c_fc, which has no gate
    std::int64_t inputNormBias = -1, oBias = -1, postNormBias = -1, upBias = -1, downBias = -1;  ///< GPT-2
    std::int64_t begin = 0, end = 0;            ///< of the whole layer
    std::size_t firstSlice = 0, lastSlice = 0;  ///< its slices: [first, last)
};

struct WeightLayout {
    explicit WeightLayout(const ModelShape& shape);

    std::vector<WeightSlice> slices;  ///< in file order, which is the order in the buffer
    std::vector<LayerOffsets> layers;
    std::int64_t embedding = -1, positions = -1, finalNorm = -1, finalNormBias = -1;
    std::int64_t head = -1;  ///< == embedding when tied
    std::int64_t size = 0;   ///< floats in the buffer, gaps included

    /// nullptr when there is none of this name.
    const WeightSlice* find(const std::string& name) const;

  private:
    std::int64_t add(const std::string& name, std::vector<std::int64_t> shape, bool aligned = true);
    std::int64_t addConv1d(const std::string& name, std::int64_t rows, std::int64_t columns,
                           std::int64_t& bias);
    void align();
    void addLlama(const ModelShape& shape);
    void addAttention(const ModelShape& shape, const std::string& prefix, LayerOffsets& at);
    void addMlp(const ModelShape& shape, const std::string& prefix, LayerOffsets& at);
    void addGpt2(const ModelShape& shape);
    void beginLayer(LayerOffsets& at);
    void endLayer(LayerOffsets& at);
};

}  // namespace retort
