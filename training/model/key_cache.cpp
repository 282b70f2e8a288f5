#include "training/model/key_cache.h"

#include "training/model/rotary.h"

namespace retort {

KeyCache::KeyCache(const ModelShape& shape, std::int64_t rows, std::int64_t capacity,
                   const torch::TensorOptions& options) {
    for (std::int64_t layer = 0; layer < shape.layers; ++layer)
        for (auto* side : {&keys, &values})
            side->push_back(torch::zeros({rows, capacity, shape.kvHeads, shape.headDim}, options));
    if (shape.positionEmbedding != "rope") return;
    const RotaryTable table = decodingRotary(shape, capacity);
    cos = torch::tensor(table.cosines).view({capacity, -1}).to(options);
    sin = torch::tensor(table.sines).view({capacity, -1}).to(options);
}

void KeyCache::select(const torch::Tensor& rows) {
    for (auto* side : {&keys, &values})
        for (torch::Tensor& layer : *side) layer = layer.index_select(0, rows);
}

}  // namespace retort
