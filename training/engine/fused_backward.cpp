#include <algorithm>
#include <cmath>
#include <cstring>

#include "training/engine/fused_transformer.h"
#include "training/engine/parallel.h"

namespace retort {

void FusedTransformer::backward(const float* weights, const PackedSequences& batch,
                                const Activations& activations, float* gradient, float* weightGradient) {
    prepareThreads();
    const std::vector<Group> parts = groups(batch);
    long rows = 0;
    for (const Group& group : parts) rows = std::max(rows, group.rows);
    m_dQkv = m_groupBuffer.reserve(std::size_t(rows * (m_qkvWidth + 3 * m_inner + 3 * m_hidden + m_query)));
    m_dGateUp = m_dQkv + rows * m_qkvWidth;
    m_act = m_dGateUp + rows * 2 * m_inner;
    m_postNormed = m_act + rows * m_inner;
    m_inNormed = m_postNormed + rows * m_hidden;
    m_dMiddle = m_inNormed + rows * m_hidden;
    m_dMixed = m_dMiddle + rows * m_hidden;

    float* out = gradient;
    float* in = m_otherGradient.reserve(std::size_t(batch.rows * m_hidden));
    for (long layer = m_shape.layers - 1; layer >= 0; --layer) {
        packBackward(weights, m_layout.layers[std::size_t(layer)]);
        for (const Group& group : parts) {
            mlpGradient(weights, group, layer, activations, out, weightGradient);
            attentionGradient(batch, group, layer, activations);
            qkvGradient(weights, batch, group, layer, activations, in, weightGradient);
            weightGradients(group, layer, activations, out, weightGradient);
        }
        std::swap(out, in);
    }
    embeddingGradient(batch, out, weightGradient);
}

void FusedTransformer::packBackward(const float* weights, const LayerOffsets& at) {
    const long qkv = m_k.packedSize(m_qkvWidth, m_hidden), o = m_k.packedSize(m_hidden, m_query);
    const long gateUp = m_k.packedSize(2 * m_inner, m_hidden), down = m_k.packedSize(m_hidden, m_inner);
    m_packedQkv = m_packed.reserve(std::size_t(qkv + o + gateUp + down));
    m_packedO = m_packedQkv + qkv;
    m_packedGateUp = m_packedO + o;
    m_packedDown = m_packedGateUp + gateUp;
    packAll(m_k, {{weights + at.qkv, m_hidden, m_qkvWidth, m_hidden, false, m_packedQkv},
                  {weights + at.o, m_query, m_hidden, m_query, false, m_packedO},
                  {weights + at.gateUp, m_hidden, 2 * m_inner, m_hidden, false, m_packedGateUp},
                  {weights + at.down, m_inner, m_hidden, m_inner, false, m_packedDown}});
}

void FusedTransformer::mlpGradient(const float* weights, const Group& group, long layer,
                                   const Activations& activations, const float* gradient,
                                   float* weightGradient) {
    const LayerOffsets& at = m_layout.layers[std::size_t(layer)];
    const long tasks = (group.rows + rowsPerTask - 1) / rowsPerTask;
    float* partials = m_partials.reserve(std::size_t(tasks * m_hidden));
    runTasks(tasks, [&](long task, int thread) {
        const long local = task * rowsPerTask, row = group.firstRow + local;
        const long count = std::min(rowsPerTask, group.rows - local);
        float* dAct = scratch(thread, rowsPerTask * (m_inner + m_hidden));
        float* dNormed = dAct + rowsPerTask * m_inner;
        const float* dOut = gradient + row * m_hidden;
        const float* middle = activations.middle(layer) + row * m_hidden;
        float* dGateUp = m_dGateUp + local * 2 * m_inner;
        float* dMiddle = m_dMiddle + local * m_hidden;
        m_k.multiply(count, m_inner, m_hidden, dOut, m_hidden, m_packedDown, dAct, m_inner, false);
        m_k.swigluGradient(count, m_inner, activations.gateUp(layer) + row * 2 * m_inner, 2 * m_inner, dAct,
                           m_inner, dGateUp, 2 * m_inner, m_act + local * m_inner, m_inner);
        m_k.multiply(count, m_hidden, 2 * m_inner, dGateUp, 2 * m_inner, m_packedGateUp, dNormed, m_hidden,
                     false);
        m_k.rmsNorm(count, m_hidden, middle, m_hidden, weights + at.postNorm, float(m_shape.rmsNormEps),
                    m_postNormed + local * m_hidden, m_hidden, nullptr);
        std::memcpy(dMiddle, dOut, std::size_t(count * m_hidden) * sizeof(float));
        float* partial = partials + task * m_hidden;
        std::fill_n(partial, m_hidden, 0.0f);
        m_k.rmsNormGradient(count, m_hidden, middle, m_hidden, weights + at.postNorm,
                            activations.postScales(layer) + row, dNormed, m_hidden, dMiddle, m_hidden, true,
                            partial);
        m_k.multiply(count, m_query, m_hidden, dMiddle, m_hidden, m_packedO, m_dMixed + local * m_query,
                     m_query, false);
    });
    addPartials(tasks, m_hidden, m_hidden, partials, weightGradient + at.postNorm);
}

void FusedTransformer::attentionGradient(const PackedSequences& batch, const Group& group, long layer,
                                         const Activations& activations) {
    const long kvHeads = m_shape.kvHeads, shared = m_shape.heads / kvHeads, width = m_shape.headDim;
    runTasks((group.lastSequence - group.firstSequence) * kvHeads, [&](long task, int thread) {
        const long sequence = group.firstSequence + task / kvHeads, head = task % kvHeads;
        const long row = batch.starts[sequence], local = row - group.firstRow;
        const long query = head * shared * width;
        AttentionTask t;
        t.length = batch.starts[sequence + 1] - row;
        t.width = width;
        t.queryHeads = shared;
        t.scale = 1.0f / std::sqrt(float(width));
        const float* qkv = activations.qkv(layer) + row * m_qkvWidth;
        t.query = qkv + query;
        t.key = qkv + m_query + head * width;
        t.value = qkv + m_query + m_keyValue + head * width;
        t.ld = m_qkvWidth;
        t.out = activations.mixed(layer) + row * m_query + query;
        t.ldOut = m_query;
        t.logSums = activations.logSums(layer) + row * m_shape.heads + head * shared;
        t.ldLogSums = m_shape.heads;
        t.outGradient = m_dMixed + local * m_query + query;
        float* dQkv = m_dQkv + local * m_qkvWidth;
        t.queryGradient = dQkv + query;
        t.keyGradient = dQkv + m_query + head * width;
        t.valueGradient = dQkv + m_query + m_keyValue + head * width;
        m_k.attentionGradient(t, scratch(thread, m_k.attentionScratch(t.length, width)));
    });
}

void FusedTransformer::qkvGradient(const float* weights, const PackedSequences& batch, const Group& group,
                                   long layer, const Activations& activations, float* gradientIn,
                                   float* weightGradient) {
    const LayerOffsets& at = m_layout.layers[std::size_t(layer)];
    const long tasks = (group.rows + rowsPerTask - 1) / rowsPerTask;
    const long width = m_shape.headDim, stride = m_hidden + 2 * width + m_qkvWidth;
    float* partials = m_partials.reserve(std::size_t(tasks * stride));
    runTasks(tasks, [&](long task, int thread) {
        const long local = task * rowsPerTask, row = group.firstRow + local;
        const long count = std::min(rowsPerTask, group.rows - local);
        float* partial = partials + task * stride;
        std::fill_n(partial, stride, 0.0f);
        float* dQkv = m_dQkv + local * m_qkvWidth;
        unrotateRows(weights, batch, layer, row, count, activations, dQkv, partial + m_hidden,
                     partial + m_hidden + width);
        for (long r = 0; at.qkvBias >= 0 && r < count; ++r)
            m_k.add(m_qkvWidth, dQkv + r * m_qkvWidth, partial + m_hidden + 2 * width);
        float* dNormed = scratch(thread, rowsPerTask * m_hidden);
        m_k.multiply(count, m_hidden, m_qkvWidth, dQkv, m_qkvWidth, m_packedQkv, dNormed, m_hidden, false);
        const float* stream = activations.stream(layer) + row * m_hidden;
        m_k.rmsNorm(count, m_hidden, stream, m_hidden, weights + at.inputNorm, float(m_shape.rmsNormEps),
                    m_inNormed + local * m_hidden, m_hidden, nullptr);
        float* dIn = gradientIn + row * m_hidden;
        std::memcpy(dIn, m_dMiddle + local * m_hidden, std::size_t(count * m_hidden) * sizeof(float));
        m_k.rmsNormGradient(count, m_hidden, stream, m_hidden, weights + at.inputNorm,
                            activations.scales(layer) + row, dNormed, m_hidden, dIn, m_hidden, true, partial);
    });
    addPartials(tasks, m_hidden, stride, partials, weightGradient + at.inputNorm);
    if (at.qNorm >= 0) {
        addPartials(tasks, width, stride, partials + m_hidden, weightGradient + at.qNorm);
        addPartials(tasks, width, stride, partials + m_hidden + width, weightGradient + at.kNorm);
    }
    if (at.qkvBias >= 0)
        addPartials(tasks, m_qkvWidth, stride, partials + m_hidden + 2 * width, weightGradient + at.qkvBias);
}

/// The way back through rotation and QK-norm, in place in the rows of dQkv.
void FusedTransformer::unrotateRows(const float* weights, const PackedSequences& batch, long layer, long row,
                                    long count, const Activations& activations, float* dQkv,
                                    float* qNormGradient, float* kNormGradient) const {
    const LayerOffsets& at = m_layout.layers[std::size_t(layer)];
    const long width = m_shape.headDim, heads = m_shape.heads + m_shape.kvHeads;
    for (long r = row; r < row + count; ++r, dQkv += m_qkvWidth) {
        if (batch.cosines) {
            const long angle = batch.positions[r] * (width / 2);
            m_k.rotate(dQkv, heads, width, batch.cosines + angle, batch.sines + angle, -1.0f);
        }
        if (!m_shape.qkNorm) continue;
        const float* raw = activations.raw(layer) + r * (m_query + m_keyValue);
        const float* scales = activations.rawScales(layer) + r * heads;
        m_k.rmsNormGradient(m_shape.heads, width, raw, width, weights + at.qNorm, scales, dQkv, width, dQkv,
                            width, false, qNormGradient);
        float* dKey = dQkv + m_query;
        m_k.rmsNormGradient(m_shape.kvHeads, width, raw + m_query, width, weights + at.kNorm,
                            scales + m_shape.heads, dKey, width, dKey, width, false, kNormGradient);
    }
}

void FusedTransformer::weightGradients(const Group& group, long layer, const Activations& activations,
                                       const float* gradient, float* weightGradient) {
    const LayerOffsets& at = m_layout.layers[std::size_t(layer)];
    const float* dOut = gradient + group.firstRow * m_hidden;
    const float* mixed = activations.mixed(layer) + group.firstRow * m_query;
    multiplyGradients(
        m_k,
        {{2 * m_inner, m_hidden, group.rows, m_dGateUp, 2 * m_inner, m_postNormed, m_hidden,
          weightGradient + at.gateUp},
         {m_hidden, m_inner, group.rows, dOut, m_hidden, m_act, m_inner, weightGradient + at.down},
         {m_qkvWidth, m_hidden, group.rows, m_dQkv, m_qkvWidth, m_inNormed, m_hidden,
          weightGradient + at.qkv},
         {m_hidden, m_query, group.rows, m_dMiddle, m_hidden, mixed, m_query, weightGradient + at.o}},
        m_scratch);
}

/// Split by columns, so that rows with the same token are added in their order whatever the threads.
void FusedTransformer::embeddingGradient(const PackedSequences& batch, const float* gradient,
                                         float* weightGradient) const {
    const long step = std::max(64L, (m_hidden / threadCount() + 15) / 16 * 16);
    runTasks((m_hidden + step - 1) / step, [&](long task, int) {
        const long begin = task * step, count = std::min(step, m_hidden - begin);
        for (long row = 0; row < batch.rows; ++row) {
            const float* d = gradient + row * m_hidden + begin;
            m_k.add(count, d, weightGradient + m_layout.embedding + batch.ids[row] * m_hidden + begin);
            if (m_layout.positions >= 0)
                m_k.add(count, d,
                        weightGradient + m_layout.positions + batch.positions[row] * m_hidden + begin);
        }
    });
}

void FusedTransformer::addPartials(long tasks, long width, long stride, const float* partials,
                                   float* total) const {
    for (long task = 0; task < tasks; ++task) m_k.add(width, partials + task * stride, total);
}

}  // namespace retort
