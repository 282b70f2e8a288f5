// One thread's share of a generation: rows with their key/value caches, stepped together. Rows of different
// prompts and lengths mix freely, and a row's numbers do not depend on its neighbours, so threads need no
// barrier at all: each runs its own session to the end and takes new prompts as rows become free.
#pragma once

#include <cstdint>
#include <vector>

#include "training/engine/decode_weights.h"

namespace retort {

/// One token to run through the model: at `position` of the sequence whose cache is `slot`.
struct DecodeRow {
    long slot = 0, position = 0;
    std::int32_t token = 0;
    bool wanted = true;  ///< whether its logits are
};

class DecodeSession {
  public:
    /// Caches of `slots` sequences of up to `capacity` tokens.
    DecodeSession(const DecodeWeights& weights, long slots, long capacity);

    /// Rows that run through the layers together, and the most that may be wanted in one step.
    static constexpr long stepRows = 128;

    /// Runs the rows (a slot's positions must come in order, after those that it holds) and returns the
    /// logits [wanted × vocab] of the wanted ones in their order; valid until the next call. `rotary`: angles
    /// by position; null: those of the weights.
    const float* step(const std::vector<DecodeRow>& rows, const RotaryTable* rotary = nullptr);
    /// Gives another slot the first `length` tokens of one.
    void copyPrefix(long from, long to, long length);

    /// Floats of cache that one token takes.
    static long cacheFloats(const ModelShape& shape);

  private:
    void embed(const DecodeRow* rows, long count);
    void runLayer(const DecodeRow* rows, long count, long layerIndex, const RotaryTable& rotary);
    void attend(const DecodeRow* rows, long count, const DecodeLayer& layer, long layerIndex,
                const RotaryTable& rotary);
    void feedForward(long count, const DecodeLayer& layer);
    void writeLogits(const DecodeRow* rows, long count, float* logits);
    void norm(long count, const float* x, const float* weight, const float* bias) const;
    void append(const DecodeRow& row, const float* qkv, long layerIndex);
    float* keys(long slot, long layer, long head) const;
    float* values(long slot, long layer, long head) const {
        return keys(slot, layer, head) + m_capacity * m_width;
    }

    const Kernels& m_k;
    const DecodeWeights& m_weights;
    const ModelShape& m_shape;
    const bool m_gpt2;
    long m_hidden, m_inner, m_up, m_width, m_query, m_keyValue, m_qkvWidth, m_capacity;
    FloatBuffer m_cache, m_activations;
    float *m_x = nullptr, *m_normed = nullptr, *m_qkv = nullptr, *m_mixed = nullptr, *m_gateUp = nullptr,
          *m_act = nullptr, *m_logits = nullptr, *m_scores = nullptr;
};

}  // namespace retort
