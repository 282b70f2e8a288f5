#include "training/engine/fused_transformer.h"

namespace retort {

namespace {

/// Offsets in whole cache lines.
struct Allocator {
    long used = 0;
    long take(long floats) {
        const long begin = used;
        used += (floats + 15) / 16 * 16;
        return begin;
    }
};

}  // namespace

void Activations::prepare(const ModelShape& shape, long rows, Keep keep) {
    m_keep = keep;
    const long query = shape.heads * shape.headDim, keyValue = shape.kvHeads * shape.headDim;
    Allocator layer;
    m_middle = layer.take(rows * shape.hiddenSize);
    m_qkv = layer.take(rows * (query + 2 * keyValue));
    m_raw = layer.take(shape.qkNorm ? rows * (query + keyValue) : 0);
    m_rawScales = layer.take(shape.qkNorm ? rows * (shape.heads + shape.kvHeads) : 0);
    m_mixed = layer.take(rows * query);
    m_logSums = layer.take(rows * shape.heads);
    m_gateUp = layer.take(rows * 2 * shape.intermediateSize);
    m_scales = layer.take(rows);
    m_postScales = layer.take(rows);
    Allocator whole;
    const long stream = whole.take(rows * shape.hiddenSize);
    m_streamStep = keep == Keep::Nothing ? 0 : whole.used;
    m_layerStep = keep == Keep::All ? layer.used : 0;
    const long streams = (keep == Keep::Nothing ? 1 : shape.layers + 1) * whole.used;
    m_stream =
        m_buffer.reserve(std::size_t(streams + (keep == Keep::All ? shape.layers : 1) * layer.used)) + stream;
    m_layers = m_stream + streams;
}

}  // namespace retort
