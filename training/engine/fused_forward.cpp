#include <algorithm>
#include <cmath>
#include <cstring>

#include "training/engine/fused_transformer.h"
#include "training/engine/parallel.h"

namespace retort {

namespace {

/// Tokens of a group: its activations of one layer (about 17 kB a token at 256 × 704) stay in the last-level
/// cache.
constexpr long groupRows = 768;

}  // namespace

FusedTransformer::FusedTransformer(const ModelShape& shape, const WeightLayout& layout)
    : m_k(kernels()),
      m_shape(shape),
      m_layout(layout),
      m_hidden(shape.hiddenSize),
      m_inner(shape.intermediateSize),
      m_query(shape.heads * shape.headDim),
      m_keyValue(shape.kvHeads * shape.headDim),
      m_qkvWidth(m_query + 2 * m_keyValue) {}

float* FusedTransformer::scratch(int thread, long count) {
    return m_scratch[std::size_t(thread)].reserve(std::size_t(count));
}

void FusedTransformer::prepareThreads() {
    m_scratch.resize(std::max(m_scratch.size(), std::size_t(threadCount())));
}

std::vector<FusedTransformer::Group> FusedTransformer::groups(const PackedSequences& batch) const {
    std::vector<Group> result;
    for (long s = 0; s < batch.sequences;) {
        const long first = s, row = batch.starts[s];
        do ++s;
        while (s < batch.sequences && batch.starts[s + 1] - row <= groupRows);
        result.push_back({first, s, row, batch.starts[s] - row});
    }
    return result;
}

void FusedTransformer::forward(const float* weights, const PackedSequences& batch, Activations& activations,
                               bool keep) {
    prepareThreads();
    activations.prepare(m_shape, batch.rows, keep);
    embed(weights, batch, activations.stream(0));
    const std::vector<Group> parts = groups(batch);
    for (long layer = 0; layer < m_shape.layers; ++layer) {
        packForward(weights, m_layout.layers[std::size_t(layer)]);
        for (const Group& group : parts) {
            projectQkv(weights, batch, group, layer, activations);
            attend(batch, group, layer, activations);
            finishLayer(weights, group, layer, activations);
        }
    }
}

void FusedTransformer::embed(const float* weights, const PackedSequences& batch, float* stream) const {
    const std::size_t bytes = std::size_t(m_hidden) * sizeof(float);
    runTasks((batch.rows + rowsPerTask - 1) / rowsPerTask, [&](long task, int) {
        for (long row = task * rowsPerTask; row < std::min(batch.rows, (task + 1) * rowsPerTask); ++row) {
            float* x = stream + row * m_hidden;
            std::memcpy(x, weights + m_layout.embedding + batch.ids[row] * m_hidden, bytes);
            if (m_layout.positions >= 0)
                m_k.add(m_hidden, weights + m_layout.positions + batch.positions[row] * m_hidden, x);
        }
    });
}

void FusedTransformer::packForward(const float* weights, const LayerOffsets& at) {
    const long qkv = m_k.packedSize(m_hidden, m_qkvWidth), o = m_k.packedSize(m_query, m_hidden);
    const long gateUp = m_k.packedSize(m_hidden, 2 * m_inner), down = m_k.packedSize(m_inner, m_hidden);
    m_packedQkv = m_packed.reserve(std::size_t(qkv + o + gateUp + down));
    m_packedO = m_packedQkv + qkv;
    m_packedGateUp = m_packedO + o;
    m_packedDown = m_packedGateUp + gateUp;
    packAll(m_k, {{weights + at.qkv, m_hidden, m_hidden, m_qkvWidth, true, m_packedQkv},
                  {weights + at.o, m_query, m_query, m_hidden, true, m_packedO},
                  {weights + at.gateUp, m_hidden, m_hidden, 2 * m_inner, true, m_packedGateUp},
                  {weights + at.down, m_inner, m_inner, m_hidden, true, m_packedDown}});
}

void FusedTransformer::projectQkv(const float* weights, const PackedSequences& batch, const Group& group,
                                  long layer, Activations& activations) {
    const LayerOffsets& at = m_layout.layers[std::size_t(layer)];
    runTasks((group.rows + rowsPerTask - 1) / rowsPerTask, [&](long task, int thread) {
        const long row = group.firstRow + task * rowsPerTask;
        const long count = std::min(rowsPerTask, group.firstRow + group.rows - row);
        float* normed = scratch(thread, rowsPerTask * m_hidden);
        m_k.rmsNorm(count, m_hidden, activations.stream(layer) + row * m_hidden, m_hidden,
                    weights + at.inputNorm, float(m_shape.rmsNormEps), normed, m_hidden,
                    activations.scales(layer) + row);
        float* qkv = activations.qkv(layer) + row * m_qkvWidth;
        const bool bias = at.qkvBias >= 0;
        for (long r = 0; bias && r < count; ++r)
            std::memcpy(qkv + r * m_qkvWidth, weights + at.qkvBias, std::size_t(m_qkvWidth) * sizeof(float));
        m_k.multiply(count, m_qkvWidth, m_hidden, normed, m_hidden, m_packedQkv, qkv, m_qkvWidth, bias);
        rotateRows(weights, batch, layer, row, count, activations);
    });
}

/// QK-norm and rotation of the queries and keys of some rows, in place.
void FusedTransformer::rotateRows(const float* weights, const PackedSequences& batch, long layer, long row,
                                  long count, Activations& activations) const {
    const LayerOffsets& at = m_layout.layers[std::size_t(layer)];
    const long width = m_shape.headDim, heads = m_shape.heads + m_shape.kvHeads;
    for (long r = row; r < row + count; ++r) {
        float* q = activations.qkv(layer) + r * m_qkvWidth;
        if (m_shape.qkNorm) {
            float* raw = activations.raw(layer) + r * (m_query + m_keyValue);
            float* scales = activations.rawScales(layer) + r * heads;
            std::memcpy(raw, q, std::size_t(m_query + m_keyValue) * sizeof(float));
            const float eps = float(m_shape.rmsNormEps);
            m_k.rmsNorm(m_shape.heads, width, raw, width, weights + at.qNorm, eps, q, width, scales);
            m_k.rmsNorm(m_shape.kvHeads, width, raw + m_query, width, weights + at.kNorm, eps, q + m_query,
                        width, scales + m_shape.heads);
        }
        if (!batch.cosines) continue;
        const long angle = batch.positions[r] * (width / 2);
        m_k.rotate(q, heads, width, batch.cosines + angle, batch.sines + angle, 1.0f);
    }
}

void FusedTransformer::attend(const PackedSequences& batch, const Group& group, long layer,
                              Activations& activations) {
    const long kvHeads = m_shape.kvHeads, shared = m_shape.heads / kvHeads, width = m_shape.headDim;
    runTasks((group.lastSequence - group.firstSequence) * kvHeads, [&](long task, int thread) {
        const long sequence = group.firstSequence + task / kvHeads, head = task % kvHeads;
        const long row = batch.starts[sequence];
        AttentionTask t;
        t.length = batch.starts[sequence + 1] - row;
        t.width = width;
        t.queryHeads = shared;
        t.scale = 1.0f / std::sqrt(float(width));
        float* qkv = activations.qkv(layer) + row * m_qkvWidth;
        t.query = qkv + head * shared * width;
        t.key = qkv + m_query + head * width;
        t.value = qkv + m_query + m_keyValue + head * width;
        t.ld = m_qkvWidth;
        t.out = activations.mixed(layer) + row * m_query + head * shared * width;
        t.ldOut = m_query;
        t.logSums = activations.logSums(layer) + row * m_shape.heads + head * shared;
        t.ldLogSums = m_shape.heads;
        m_k.attention(t, scratch(thread, m_k.attentionScratch(t.length, width)));
    });
}

/// Output projection, residual, norm, MLP, residual: a chain over a few rows that stays in one core's cache.
void FusedTransformer::finishLayer(const float* weights, const Group& group, long layer,
                                   Activations& activations) {
    const LayerOffsets& at = m_layout.layers[std::size_t(layer)];
    const std::size_t rowBytes = std::size_t(m_hidden) * sizeof(float);
    runTasks((group.rows + rowsPerTask - 1) / rowsPerTask, [&](long task, int thread) {
        const long row = group.firstRow + task * rowsPerTask;
        const long count = std::min(rowsPerTask, group.firstRow + group.rows - row);
        float* normed = scratch(thread, rowsPerTask * (m_hidden + m_inner));
        float* act = normed + rowsPerTask * m_hidden;
        float* middle = activations.middle(layer) + row * m_hidden;
        std::memcpy(middle, activations.stream(layer) + row * m_hidden, rowBytes * std::size_t(count));
        m_k.multiply(count, m_hidden, m_query, activations.mixed(layer) + row * m_query, m_query, m_packedO,
                     middle, m_hidden, true);
        m_k.rmsNorm(count, m_hidden, middle, m_hidden, weights + at.postNorm, float(m_shape.rmsNormEps),
                    normed, m_hidden, activations.postScales(layer) + row);
        float* gateUp = activations.gateUp(layer) + row * 2 * m_inner;
        m_k.multiply(count, 2 * m_inner, m_hidden, normed, m_hidden, m_packedGateUp, gateUp, 2 * m_inner,
                     false);
        m_k.swiglu(count, m_inner, gateUp, 2 * m_inner, act, m_inner);
        float* out = activations.stream(layer + 1) + row * m_hidden;
        std::memcpy(out, middle, rowBytes * std::size_t(count));
        m_k.multiply(count, m_hidden, m_inner, act, m_inner, m_packedDown, out, m_hidden, true);
    });
}

}  // namespace retort
