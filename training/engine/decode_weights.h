// A model's weights as decoding wants them: matrices packed once (in float32, or rounded to bfloat16: half
// the memory to read for each token), everything else copied, so that the training parameters may change
// underneath until the next refresh.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "training/engine/float_buffer.h"
#include "training/engine/kernels/kernels.h"
#include "training/engine/sampling.h"
#include "training/model/rotary.h"
#include "training/model/weight_layout.h"

namespace retort {

/// One packed matrix; exactly one of the two is set.
struct PackedMatrix {
    const float* full = nullptr;
    const std::uint16_t* half = nullptr;

    /// c[rows × columns] (+)= a[rows × depth] · this.
    void multiply(const Kernels& k, long rows, long columns, long depth, const float* a, float* c,
                  bool add) const {
        if (half)
            k.multiplyHalf(rows, columns, depth, a, depth, half, c, columns, add);
        else
            k.multiply(rows, columns, depth, a, depth, full, c, columns, add);
    }
};

struct DecodeLayer {
    const float *inputNorm = nullptr, *qkvBias = nullptr, *qNorm = nullptr, *kNorm = nullptr,
                *postNorm = nullptr;
    const float *inputNormBias = nullptr, *oBias = nullptr, *postNormBias = nullptr, *upBias = nullptr,
                *downBias = nullptr;  ///< GPT-2
    PackedMatrix qkv, o, gateUp, down;
};

/// Gives a stretch [offset, offset + count) of the flat parameters; valid until the next call.
using WeightSource = std::function<const float*(std::int64_t offset, std::int64_t count)>;

class DecodeWeights {
  public:
    explicit DecodeWeights(const ModelShape& shape, DecodePrecision precision = DecodePrecision::Float32);

    /// Copies and packs. The second form holds no more than a matrix's part of the source at a time.
    void refresh(const float* flat);
    void refresh(const WeightSource& source);
    /// Rotary angles for sequences of up to `capacity` tokens.
    void prepareRotary(long capacity);

    const ModelShape& shape() const { return m_shape; }
    const std::vector<DecodeLayer>& layers() const { return m_layers; }
    /// Writes what enters the first layer for a token at a position, [hidden].
    void embed(std::int32_t token, long position, float* x) const;
    const float* finalNorm() const { return m_finalNorm; }
    const float* finalNormBias() const { return m_finalNormBias; }
    const PackedMatrix& head() const { return m_head; }
    const RotaryTable& rotary() const { return m_rotary; }
    /// Memory that the weights take here.
    std::size_t bytes() const;

  private:
    const float* copy(const WeightSource& source, std::int64_t offset, long count, float*& plain) const;
    PackedMatrix pack(const WeightSource& source, std::int64_t offset, long depth, long columns);
    void packPiece(const float* rows, long depth, long begin, long end, const PackedMatrix& to);
    void copyEmbedding(const WeightSource& source);
    long matrixFloats() const;
    void gatherFromHead(std::int32_t token, float* x) const;

    const Kernels& m_k;
    ModelShape m_shape;
    WeightLayout m_layout;
    DecodePrecision m_precision;
    FloatBuffer m_plain, m_packed, m_embeddings;
    std::vector<std::uint16_t> m_halves, m_halfEmbedding;
    const bool m_gathers;  // embeddings are taken from the packed output layer
    long m_used = 0;       // elements of m_packed or m_halves
    const float *m_embedding = nullptr, *m_positions = nullptr, *m_finalNorm = nullptr,
                *m_finalNormBias = nullptr;
    std::vector<DecodeLayer> m_layers;
    PackedMatrix m_head;
    RotaryTable m_rotary;
    long m_rotaryPositions = 0;
};

}  // namespace retort
