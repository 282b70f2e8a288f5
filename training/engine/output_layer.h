// Final norm, output projection and softmax of the rows that have a target, a few rows at a time: the logits
// of a whole batch are never in memory. The backward pass computes them again.
#pragma once

#include <cstdint>
#include <vector>

#include "training/engine/float_buffer.h"
#include "training/engine/fused_transformer.h"

namespace retort {

/// The rows of the stream to score, and what is found.
struct ScoredRows {
    long count = 0;
    const std::int64_t *rows = nullptr, *targets = nullptr;
    float temperature = 1;
    float *logprobs = nullptr, *entropies = nullptr, *logSums = nullptr, *maxLogits = nullptr,
          *meanLogits = nullptr;
    bool* hits = nullptr;
};

class OutputLayer {
  public:
    OutputLayer(const ModelShape& shape, const WeightLayout& layout);

    /// The final norm alone: y [rows × hidden] from the stream; its gradient, adding to the norm's weight.
    void norm(const float* weights, const float* stream, long rows, float* y) const;
    void normGradient(const float* weights, const float* stream, long rows, const float* dy, float* dStream,
                      float* weightGradient);

    void score(const float* weights, const float* stream, const ScoredRows& rows);
    /// dStream must be zero before; only the scored rows are written.
    /// `entropyGradient`: of each row's entropy; nullptr: none.
    void scoreGradient(const float* weights, const float* stream, const ScoredRows& rows,
                       const float* gradient, const float* entropyGradient, float* dStream,
                       float* weightGradient);

  private:
    long groupRows() const;
    float* gather(const float* weights, const float* stream, const ScoredRows& rows, long first, long count,
                  float* raw, float* normed, float* scales) const;

    const Kernels& m_k;
    ModelShape m_shape;
    const WeightLayout& m_layout;
    long m_hidden, m_vocab;
    std::vector<FloatBuffer> m_scratch;
    FloatBuffer m_packed, m_group, m_partials;
};

}  // namespace retort
