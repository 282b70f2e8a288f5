// A model's weights as decoding wants them: matrices packed once, everything else copied, so that the
// training parameters may change underneath until the next refresh.
#pragma once

#include <vector>

#include "training/engine/float_buffer.h"
#include "training/engine/kernels/kernels.h"
#include "training/model/weight_layout.h"

namespace retort {

struct DecodeLayer {
    const float *inputNorm = nullptr, *qkvBias = nullptr, *qNorm = nullptr, *kNorm = nullptr,
                *postNorm = nullptr;
    const float *qkv = nullptr, *o = nullptr, *gateUp = nullptr, *down = nullptr;  ///< packed
};

class DecodeWeights {
  public:
    explicit DecodeWeights(const ModelShape& shape);

    /// Copies and packs the flat parameter buffer, and takes rotary tables of [positions × headDim / 2].
    void refresh(const float* flat);
    void setRotary(const float* cosines, const float* sines, long positions);

    const ModelShape& shape() const { return m_shape; }
    const std::vector<DecodeLayer>& layers() const { return m_layers; }
    const float* embedding() const { return m_plain.data() + m_layout.embedding; }
    const float* positions() const {
        return m_layout.positions < 0 ? nullptr : m_plain.data() + m_layout.positions;
    }
    const float* finalNorm() const { return m_plain.data() + m_layout.finalNorm; }
    const float* head() const { return m_head; }  ///< packed
    const float* cosines() const { return m_cosines.empty() ? nullptr : m_cosines.data(); }
    const float* sines() const { return m_sines.data(); }
    long rotaryPositions() const { return m_rotaryPositions; }

  private:
    ModelShape m_shape;
    WeightLayout m_layout;
    FloatBuffer m_plain, m_packed;
    std::vector<DecodeLayer> m_layers;
    const float* m_head = nullptr;
    std::vector<float> m_cosines, m_sines;
    long m_rotaryPositions = 0;
};

}  // namespace retort
