#include "training/engine/decode_weights.h"

#include <algorithm>
#include <cstring>

#include "core/formats/half.h"
#include "training/engine/matrix_jobs.h"
#include "training/engine/parallel.h"

namespace retort {

namespace {

/// Rows of a matrix (columns of its packed form) that are fetched at once; a multiple of every kernel's
/// panel.
constexpr long pieceRows = 4096;
constexpr long lineFloats = 16;
/// A tied embedding above this is not kept a second time; below, its rows are faster to copy than to gather.
constexpr std::int64_t largeEmbedding = 1 << 24;

long padded(long floats) {
    return (floats + lineFloats - 1) / lineFloats * lineFloats;
}

}  // namespace

DecodeWeights::DecodeWeights(const ModelShape& shape, DecodePrecision precision)
    : m_k(kernels()),
      m_shape(shape),
      m_layout(shape),
      m_precision(precision),
      m_gathers(shape.tieWordEmbeddings && shape.vocabSize * shape.hiddenSize > largeEmbedding),
      m_layers(m_layout.layers.size()) {}

void DecodeWeights::prepareRotary(long capacity) {
    if (m_shape.positionEmbedding != "rope" || m_rotaryPositions >= capacity) return;
    m_rotary = decodingRotary(m_shape, capacity);
    m_rotaryPositions = capacity;
}

void DecodeWeights::refresh(const float* flat) {
    refresh([flat](std::int64_t offset, std::int64_t) { return flat + offset; });
}

/// Elements of all packed matrices.
long DecodeWeights::matrixFloats() const {
    const long hidden = m_shape.hiddenSize, inner = m_shape.intermediateSize,
               query = m_shape.heads * m_shape.headDim;
    const long qkv = query + 2 * m_shape.kvHeads * m_shape.headDim;
    const long up = m_shape.block == DecoderBlock::Gpt2 ? inner : 2 * inner;
    return m_shape.layers * (m_k.packedSize(hidden, qkv) + m_k.packedSize(query, hidden) +
                             m_k.packedSize(hidden, up) + m_k.packedSize(inner, hidden)) +
           m_k.packedSize(hidden, m_shape.vocabSize);
}

void DecodeWeights::refresh(const WeightSource& source) {
    const long hidden = m_shape.hiddenSize, inner = m_shape.intermediateSize,
               query = m_shape.heads * m_shape.headDim;
    const long qkv = query + 2 * m_shape.kvHeads * m_shape.headDim;
    const long up = m_shape.block == DecoderBlock::Gpt2 ? inner : 2 * inner;
    if (m_precision == DecodePrecision::BFloat16)
        m_halves.resize(std::size_t(matrixFloats()));
    else
        m_packed.reserve(std::size_t(matrixFloats()));
    m_used = 0;
    copyEmbedding(source);
    const long vectors = 3 * padded(qkv) + 8 * padded(hidden) + 2 * padded(up) + 2 * padded(m_shape.headDim);
    float* plain = m_plain.reserve(std::size_t(vectors * (m_shape.layers + 1)));
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const LayerOffsets& at = m_layout.layers[i];
        DecodeLayer& layer = m_layers[i];
        layer.inputNorm = copy(source, at.inputNorm, hidden, plain);
        layer.inputNormBias = copy(source, at.inputNormBias, hidden, plain);
        layer.qkvBias = copy(source, at.qkvBias, qkv, plain);
        layer.qNorm = copy(source, at.qNorm, m_shape.headDim, plain);
        layer.kNorm = copy(source, at.kNorm, m_shape.headDim, plain);
        layer.oBias = copy(source, at.oBias, hidden, plain);
        layer.postNorm = copy(source, at.postNorm, hidden, plain);
        layer.postNormBias = copy(source, at.postNormBias, hidden, plain);
        layer.upBias = copy(source, at.upBias, up, plain);
        layer.downBias = copy(source, at.downBias, hidden, plain);
        layer.qkv = pack(source, at.qkv, hidden, qkv);
        layer.o = pack(source, at.o, query, hidden);
        layer.gateUp = pack(source, at.gateUp, hidden, up);
        layer.down = pack(source, at.down, inner, hidden);
    }
    m_finalNorm = copy(source, m_layout.finalNorm, hidden, plain);
    m_finalNormBias = copy(source, m_layout.finalNormBias, hidden, plain);
    m_head = pack(source, m_layout.head, hidden, m_shape.vocabSize);
}

const float* DecodeWeights::copy(const WeightSource& source, std::int64_t offset, long count,
                                 float*& plain) const {
    if (offset < 0) return nullptr;
    float* to = plain;
    plain += padded(count);
    std::memcpy(to, source(offset, count), std::size_t(count) * sizeof(float));
    return to;
}

void DecodeWeights::copyEmbedding(const WeightSource& source) {
    const long hidden = m_shape.hiddenSize, tokens = m_gathers ? 0 : m_shape.vocabSize;
    const long positions = m_layout.positions < 0 ? 0 : m_shape.maxPositions;
    const bool half = m_precision == DecodePrecision::BFloat16;
    float* to = m_embeddings.reserve(std::size_t((half ? positions : tokens + positions) * hidden + 1));
    if (half) m_halfEmbedding.resize(std::size_t(tokens * hidden));
    for (long begin = 0; begin < tokens; begin += pieceRows) {
        const long count = std::min(pieceRows, tokens - begin) * hidden, at = begin * hidden;
        const float* from = source(m_layout.embedding + at, count);
        if (half)
            std::transform(from, from + count, m_halfEmbedding.begin() + at, floatToBfloat16);
        else
            std::memcpy(to + at, from, std::size_t(count) * sizeof(float));
    }
    m_embedding = half || m_gathers ? nullptr : to;
    m_positions = positions == 0 ? nullptr : half ? to : to + tokens * hidden;
    if (positions > 0)
        std::memcpy(const_cast<float*>(m_positions), source(m_layout.positions, positions * hidden),
                    std::size_t(positions * hidden) * sizeof(float));
}

/// The matrix [columns × depth] at `offset`, fetched and packed a few rows at a time.
PackedMatrix DecodeWeights::pack(const WeightSource& source, std::int64_t offset, long depth, long columns) {
    PackedMatrix matrix;
    if (m_precision == DecodePrecision::BFloat16)
        matrix.half = m_halves.data() + m_used;
    else
        matrix.full = m_packed.data() + m_used;
    m_used += m_k.packedSize(depth, columns);
    for (long begin = 0; begin < columns; begin += pieceRows) {
        const long end = std::min(begin + pieceRows, columns);
        packPiece(source(offset + begin * depth, (end - begin) * depth), depth, begin, end, matrix);
    }
    return matrix;
}

/// `rows`: the matrix's rows [begin, end).
void DecodeWeights::packPiece(const float* rows, long depth, long begin, long end, const PackedMatrix& to) {
    const long count = end - begin, at = begin * depth;
    if (to.full) {
        packAll(m_k, {{rows, depth, depth, count, true, const_cast<float*>(to.full) + at}});
        return;
    }
    const long step = m_k.panel * 4;
    std::vector<FloatBuffer> scratch;
    scratch.resize(std::size_t(threadCount()));
    runTasks((count + step - 1) / step, [&](long task, int thread) {
        const long first = task * step, width = std::min(step, count - first);
        const long size = m_k.packedSize(depth, width);
        float* full = scratch[std::size_t(thread)].reserve(std::size_t(size));
        m_k.packTransposed(rows + first * depth, depth, depth, 0, width, full);
        std::transform(full, full + size, const_cast<std::uint16_t*>(to.half) + at + first * depth,
                       floatToBfloat16);
    });
}

void DecodeWeights::embed(std::int32_t token, long position, float* x) const {
    const long hidden = m_shape.hiddenSize;
    if (m_gathers) {
        gatherFromHead(token, x);
    } else if (m_embedding) {
        std::memcpy(x, m_embedding + token * hidden, std::size_t(hidden) * sizeof(float));
    } else {
        const std::uint16_t* from = m_halfEmbedding.data() + token * hidden;
        std::transform(from, from + hidden, x, bfloat16ToFloat);
    }
    if (m_positions) m_k.add(hidden, m_positions + position * hidden, x);
}

/// A packed matrix lies in panels of columns, [panel][depth][columns of a panel]; a column is a token.
void DecodeWeights::gatherFromHead(std::int32_t token, float* x) const {
    const long at = token / m_k.panel * m_k.panel * m_shape.hiddenSize + token % m_k.panel;
    for (long k = 0; k < m_shape.hiddenSize; ++k)
        x[k] =
            m_head.half ? bfloat16ToFloat(m_head.half[at + k * m_k.panel]) : m_head.full[at + k * m_k.panel];
}

std::size_t DecodeWeights::bytes() const {
    return (m_plain.size() + m_packed.size() + m_embeddings.size()) * sizeof(float) +
           (m_halves.size() + m_halfEmbedding.size()) * sizeof(std::uint16_t);
}

}  // namespace retort
