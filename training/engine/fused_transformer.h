// The decoder's layers on a CPU, forward and backward, written over the kernels of kernels.h. Rows are split
// over threads inside groups of sequences that stay in the last-level cache; a step's result does not depend
// on the number of threads. No LibTorch here: training/model/ wraps it for autograd.
#pragma once

#include <cstdint>
#include <vector>

#include "training/engine/float_buffer.h"
#include "training/engine/kernels/kernels.h"
#include "training/engine/matrix_jobs.h"
#include "training/model/weight_layout.h"

namespace retort {

/// A packed batch as raw pointers.
struct PackedSequences {
    const std::int64_t *ids = nullptr, *positions = nullptr;
    const std::int32_t* starts = nullptr;
    long sequences = 0, rows = 0, maxLength = 0;
    const float *cosines = nullptr, *sines = nullptr;  ///< [maxLength, headDim / 2]; null without RoPE
};

/// What forward leaves behind for backward, layer by layer; one set of buffers is reused when nothing is
/// kept.
class Activations {
  public:
    void prepare(const ModelShape& shape, long rows, bool keep);

    float* stream(long layer) const {
        return m_stream + layer * m_streamStep;
    }                                                                ///< residual stream before a layer
    float* middle(long layer) const { return at(layer, m_middle); }  ///< … between attention and MLP
    float* qkv(long layer) const { return at(layer, m_qkv); }        ///< after norm and rotation
    float* raw(long layer) const { return at(layer, m_raw); }        ///< queries and keys before QK-norm
    float* rawScales(long layer) const { return at(layer, m_rawScales); }
    float* mixed(long layer) const { return at(layer, m_mixed); }  ///< attention's output
    float* logSums(long layer) const { return at(layer, m_logSums); }
    float* gateUp(long layer) const { return at(layer, m_gateUp); }
    float* scales(long layer) const { return at(layer, m_scales); }  ///< of the input norm
    float* postScales(long layer) const { return at(layer, m_postScales); }
    bool kept() const { return m_streamStep != 0; }

  private:
    float* at(long layer, long offset) const { return m_layers + layer * m_layerStep + offset; }

    FloatBuffer m_buffer;
    float *m_stream = nullptr, *m_layers = nullptr;
    long m_streamStep = 0, m_layerStep = 0;
    long m_middle = 0, m_qkv = 0, m_raw = 0, m_rawScales = 0, m_mixed = 0, m_logSums = 0, m_gateUp = 0;
    long m_scales = 0, m_postScales = 0;
};

/// Rows that one task handles: eight register tiles, whose activations stay in a core's own cache.
constexpr long rowsPerTask = 48;

class FusedTransformer {
  public:
    FusedTransformer(const ModelShape& shape, const WeightLayout& layout);

    /// From token ids to activations.stream(layers).
    void forward(const float* weights, const PackedSequences& batch, Activations& activations, bool keep);
    /// `gradient` [rows × hidden]: of stream(layers); overwritten. Adds to `weightGradient` (flat).
    void backward(const float* weights, const PackedSequences& batch, const Activations& activations,
                  float* gradient, float* weightGradient);

  private:
    struct Group {
        long firstSequence, lastSequence, firstRow, rows;
    };

    std::vector<Group> groups(const PackedSequences& batch) const;
    void embed(const float* weights, const PackedSequences& batch, float* stream) const;
    void packForward(const float* weights, const LayerOffsets& at);
    void packBackward(const float* weights, const LayerOffsets& at);
    void projectQkv(const float* weights, const PackedSequences& batch, const Group& group, long layer,
                    Activations& activations);
    void rotateRows(const float* weights, const PackedSequences& batch, long layer, long row, long count,
                    Activations& activations) const;
    void attend(const PackedSequences& batch, const Group& group, long layer, Activations& activations);
    void finishLayer(const float* weights, const Group& group, long layer, Activations& activations);

    void mlpGradient(const float* weights, const Group& group, long layer, const Activations& activations,
                     const float* gradient, float* weightGradient);
    void attentionGradient(const PackedSequences& batch, const Group& group, long layer,
                           const Activations& activations);
    void qkvGradient(const float* weights, const PackedSequences& batch, const Group& group, long layer,
                     const Activations& activations, float* gradientIn, float* weightGradient);
    void unrotateRows(const float* weights, const PackedSequences& batch, long layer, long row, long count,
                      const Activations& activations, float* dQkv, float* qNormGradient,
                      float* kNormGradient) const;
    void weightGradients(const Group& group, long layer, const Activations& activations,
                         const float* gradient, float* weightGradient);
    void embeddingGradient(const PackedSequences& batch, const float* gradient, float* weightGradient) const;
    void addPartials(long tasks, long width, long stride, const float* partials, float* total) const;

    const Kernels& m_k;
    ModelShape m_shape;
    const WeightLayout& m_layout;
    long m_hidden, m_inner, m_query, m_keyValue, m_qkvWidth;

    FloatBuffer m_packed;  // one layer's weights
    float *m_packedQkv = nullptr, *m_packedO = nullptr, *m_packedGateUp = nullptr, *m_packedDown = nullptr;
    std::vector<FloatBuffer> m_scratch;  // one a thread
    FloatBuffer m_groupBuffer, m_partials, m_otherGradient;
    float *m_dQkv = nullptr, *m_dGateUp = nullptr, *m_act = nullptr, *m_postNormed = nullptr,
          *m_inNormed = nullptr, *m_dMiddle = nullptr, *m_dMixed = nullptr;
    float* scratch(int thread, long count);
    void prepareThreads();
};

}  // namespace retort
