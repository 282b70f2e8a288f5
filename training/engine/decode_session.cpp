#include "training/engine/decode_session.h"

#include <algorithm>
#include <cmath>
#include <cstring>

namespace retort {

namespace {

constexpr long keyBlock = 16;  // tokens that lie side by side in the key cache (Kernels::attendOne)

}  // namespace

long DecodeSession::cacheFloats(const ModelShape& shape) {
    return 2 * shape.layers * shape.kvHeads * shape.headDim;
}

DecodeSession::DecodeSession(const DecodeWeights& weights, long slots, long capacity)
    : m_k(kernels()),
      m_weights(weights),
      m_shape(weights.shape()),
      m_gpt2(m_shape.block == DecoderBlock::Gpt2),
      m_hidden(m_shape.hiddenSize),
      m_inner(m_shape.intermediateSize),
      m_up(m_gpt2 ? m_inner : 2 * m_inner),
      m_width(m_shape.headDim),
      m_query(m_shape.heads * m_width),
      m_keyValue(m_shape.kvHeads * m_width),
      m_qkvWidth(m_query + 2 * m_keyValue),
      m_capacity((capacity + keyBlock - 1) / keyBlock * keyBlock) {
    m_cache.reserve(std::size_t(slots * m_capacity * cacheFloats(m_shape)));
    const long widths[] = {m_hidden, m_hidden, m_qkvWidth, m_query, m_up, m_inner, long(m_shape.vocabSize)};
    float** buffers[] = {&m_x, &m_normed, &m_qkv, &m_mixed, &m_gateUp, &m_act, &m_logits};
    long total = m_capacity + keyBlock;
    for (long width : widths) total += stepRows * width + keyBlock;
    float* at = m_activations.reserve(std::size_t(total));
    for (std::size_t i = 0; i < std::size(widths); ++i) {
        *buffers[i] = at;
        at += (stepRows * widths[i] + keyBlock - 1) / keyBlock * keyBlock;
    }
    m_scores = at;
}

/// Keys and, behind them, values of one head: what attention walks over lies together.
float* DecodeSession::keys(long slot, long layer, long head) const {
    return m_cache.data() +
           ((slot * m_shape.layers + layer) * m_shape.kvHeads + head) * 2 * m_capacity * m_width;
}

void DecodeSession::copyPrefix(long from, long to, long length) {
    const long keyFloats = (length + keyBlock - 1) / keyBlock * keyBlock * m_width;
    for (long layer = 0; layer < m_shape.layers; ++layer)
        for (long head = 0; head < m_shape.kvHeads; ++head) {
            std::memcpy(keys(to, layer, head), keys(from, layer, head),
                        std::size_t(keyFloats) * sizeof(float));
            std::memcpy(values(to, layer, head), values(from, layer, head),
                        std::size_t(length * m_width) * sizeof(float));
        }
}

void DecodeSession::embed(const DecodeRow* rows, long count) {
    for (long r = 0; r < count; ++r) m_weights.embed(rows[r].token, rows[r].position, m_x + r * m_hidden);
}

/// Of rows of the stream, into m_normed.
void DecodeSession::norm(long count, const float* x, const float* weight, const float* bias) const {
    const float eps = float(m_shape.rmsNormEps);
    if (m_gpt2)
        m_k.layerNorm(count, m_hidden, x, m_hidden, weight, bias, eps, m_normed, m_hidden);
    else
        m_k.rmsNorm(count, m_hidden, x, m_hidden, weight, eps, m_normed, m_hidden, nullptr);
}

void DecodeSession::append(const DecodeRow& row, const float* qkv, long layerIndex) {
    const float *key = qkv + m_query, *value = key + m_keyValue;
    const long block = row.position / keyBlock, lane = row.position % keyBlock;
    for (long head = 0; head < m_shape.kvHeads; ++head) {
        float* k = keys(row.slot, layerIndex, head) + block * keyBlock * m_width + lane;
        // A block's unused lanes are computed with, then ignored; they must not hold what memory happened to.
        if (lane == 0) std::fill_n(k, keyBlock * m_width, 0.0f);
        for (long d = 0; d < m_width; ++d) k[d * keyBlock] = key[head * m_width + d];
        std::memcpy(values(row.slot, layerIndex, head) + row.position * m_width, value + head * m_width,
                    std::size_t(m_width) * sizeof(float));
    }
}

void DecodeSession::attend(const DecodeRow* rows, long count, const DecodeLayer& layer, long layerIndex,
                           const RotaryTable& rotary) {
    const long heads = m_shape.heads, kvHeads = m_shape.kvHeads, shared = heads / kvHeads;
    const float eps = float(m_shape.rmsNormEps), scale = 1.0f / std::sqrt(float(m_width));
    for (long r = 0; r < count; ++r) {
        float* qkv = m_qkv + r * m_qkvWidth;
        if (layer.qNorm) {
            m_k.rmsNorm(heads, m_width, qkv, m_width, layer.qNorm, eps, qkv, m_width, nullptr);
            m_k.rmsNorm(kvHeads, m_width, qkv + m_query, m_width, layer.kNorm, eps, qkv + m_query, m_width,
                        nullptr);
        }
        if (!rotary.cosines.empty()) {
            const long angle = rows[r].position * (m_width / 2);
            m_k.rotate(qkv, heads + kvHeads, m_width, rotary.cosines.data() + angle,
                       rotary.sines.data() + angle, 1.0f);
        }
        append(rows[r], qkv, layerIndex);
        for (long head = 0; head < kvHeads; ++head)
            m_k.attendOne(rows[r].position + 1, m_width, shared, scale, qkv + head * shared * m_width,
                          keys(rows[r].slot, layerIndex, head), values(rows[r].slot, layerIndex, head),
                          m_mixed + r * m_query + head * shared * m_width, m_scores);
    }
}

namespace {

void setRows(long count, long width, const float* values, float* rows) {
    for (long r = 0; r < count; ++r)
        std::memcpy(rows + r * width, values, std::size_t(width) * sizeof(float));
}

}  // namespace

void DecodeSession::feedForward(long count, const DecodeLayer& layer) {
    if (layer.upBias) setRows(count, m_up, layer.upBias, m_gateUp);
    layer.gateUp.multiply(m_k, count, m_up, m_hidden, m_normed, m_gateUp, layer.upBias != nullptr);
    if (m_gpt2)
        m_k.gelu(count, m_inner, m_gateUp, m_up, m_act, m_inner);
    else
        m_k.swiglu(count, m_inner, m_gateUp, m_up, m_act, m_inner);
    for (long r = 0; layer.downBias && r < count; ++r) m_k.add(m_hidden, layer.downBias, m_x + r * m_hidden);
    layer.down.multiply(m_k, count, m_hidden, m_inner, m_act, m_x, true);
}

void DecodeSession::runLayer(const DecodeRow* rows, long count, long layerIndex, const RotaryTable& rotary) {
    const DecodeLayer& layer = m_weights.layers()[std::size_t(layerIndex)];
    norm(count, m_x, layer.inputNorm, layer.inputNormBias);
    if (layer.qkvBias) setRows(count, m_qkvWidth, layer.qkvBias, m_qkv);
    layer.qkv.multiply(m_k, count, m_qkvWidth, m_hidden, m_normed, m_qkv, layer.qkvBias != nullptr);
    attend(rows, count, layer, layerIndex, rotary);
    for (long r = 0; layer.oBias && r < count; ++r) m_k.add(m_hidden, layer.oBias, m_x + r * m_hidden);
    layer.o.multiply(m_k, count, m_hidden, m_query, m_mixed, m_x, true);
    norm(count, m_x, layer.postNorm, layer.postNormBias);
    feedForward(count, layer);
}

/// Of the wanted ones among the rows in m_x, which are moved together.
void DecodeSession::writeLogits(const DecodeRow* rows, long count, float* logits) {
    long wanted = 0;
    for (long r = 0; r < count; ++r) {
        if (!rows[r].wanted) continue;
        if (wanted < r)
            std::memcpy(m_x + wanted * m_hidden, m_x + r * m_hidden, std::size_t(m_hidden) * sizeof(float));
        ++wanted;
    }
    norm(wanted, m_x, m_weights.finalNorm(), m_weights.finalNormBias());
    m_weights.head().multiply(m_k, wanted, m_shape.vocabSize, m_hidden, m_normed, logits, false);
}

const float* DecodeSession::step(const std::vector<DecodeRow>& rows, const RotaryTable* rotary) {
    float* logits = m_logits;
    for (long begin = 0; begin < long(rows.size()); begin += stepRows) {
        const DecodeRow* some = rows.data() + begin;
        const long count = std::min(stepRows, long(rows.size()) - begin);
        embed(some, count);
        for (long i = 0; i < m_shape.layers; ++i)
            runLayer(some, count, i, rotary ? *rotary : m_weights.rotary());
        writeLogits(some, count, logits);
        logits += m_shape.vocabSize *
                  std::count_if(some, some + count, [](const DecodeRow& row) { return row.wanted; });
    }
    return m_logits;
}

}  // namespace retort
