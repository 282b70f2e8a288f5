#include "training/engine/decode_weights.h"

#include <algorithm>
#include <cstring>

#include "training/engine/matrix_jobs.h"
#include "training/engine/parallel.h"

namespace retort {

DecodeWeights::DecodeWeights(const ModelShape& shape) : m_shape(shape), m_layout(shape) {
    m_layers.resize(m_layout.layers.size());
}

void DecodeWeights::setRotary(const float* cosines, const float* sines, long positions) {
    const long count = positions * (m_shape.headDim / 2);
    m_cosines.assign(cosines, cosines + count);
    m_sines.assign(sines, sines + count);
    m_rotaryPositions = positions;
}

void DecodeWeights::refresh(const float* flat) {
    const Kernels& k = kernels();
    const long hidden = m_shape.hiddenSize, inner = m_shape.intermediateSize,
               query = m_shape.heads * m_shape.headDim;
    const long qkvWidth = query + 2 * m_shape.kvHeads * m_shape.headDim;

    float* plain = m_plain.reserve(std::size_t(m_layout.size));
    constexpr long piece = 1 << 16;
    runTasks((m_layout.size + piece - 1) / piece, [&](long i, int) {
        const long begin = i * piece, count = std::min(piece, long(m_layout.size) - begin);
        std::memcpy(plain + begin, flat + begin, std::size_t(count) * sizeof(float));
    });

    const long sizes[] = {k.packedSize(hidden, qkvWidth), k.packedSize(query, hidden),
                          k.packedSize(hidden, 2 * inner), k.packedSize(inner, hidden)};
    const long layerSize = sizes[0] + sizes[1] + sizes[2] + sizes[3];
    float* packed =
        m_packed.reserve(std::size_t(layerSize * m_shape.layers + k.packedSize(hidden, m_shape.vocabSize)));
    std::vector<PackJob> jobs;
    const auto pack = [&](std::int64_t offset, long depth, long columns) {
        jobs.push_back({flat + offset, depth, depth, columns, true, packed});
        const float* at = packed;
        packed += k.packedSize(depth, columns);
        return at;
    };
    const auto copied = [&](std::int64_t offset) { return offset < 0 ? nullptr : plain + offset; };
    for (std::size_t i = 0; i < m_layers.size(); ++i) {
        const LayerOffsets& at = m_layout.layers[i];
        m_layers[i] = {copied(at.inputNorm),
                       copied(at.qkvBias),
                       copied(at.qNorm),
                       copied(at.kNorm),
                       copied(at.postNorm),
                       pack(at.qkv, hidden, qkvWidth),
                       pack(at.o, query, hidden),
                       pack(at.gateUp, hidden, 2 * inner),
                       pack(at.down, inner, hidden)};
    }
    m_head = pack(m_layout.head, hidden, m_shape.vocabSize);
    packAll(k, jobs);
}

}  // namespace retort
