// Draws one token from a row of logits: temperature, top-k, top-p by hand, because multinomial over a small
// vocabulary costs twenty times as much (engine.md c.1).
#pragma once

#include <cstdint>
#include <vector>

#include "training/engine/sampling.h"

namespace retort {

struct Choice {
    std::int32_t token = 0;
    float logprob = 0;  ///< under softmax(logits / temperature), before top-k and top-p
    float entropy = 0;  ///< of that distribution, in nats
};

/// Throws Error for a temperature, top_p or top_k out of range.
void checkSampling(const SamplingSettings& settings);

class Sampler {
  public:
    /// Only the first `choosable` tokens are drawn: a vocabulary padded to a round size has rows beyond.
    Sampler(const SamplingSettings& settings, std::int64_t vocabSize, std::int64_t choosable);

    /// `uniform` in [0, 1) decides the draw.
    Choice choose(const float* logits, double uniform);

  private:
    std::int32_t greedy(const float* logits) const;
    std::int32_t draw(double uniform) const;
    std::int32_t drawFiltered(double uniform);
    std::size_t keepTopP(double mass, std::size_t count);

    double m_temperature, m_topP;
    std::int64_t m_topK, m_vocab, m_choosable;
    bool m_entropy;
    std::vector<float> m_weights;  ///< exp((logit - max) / temperature)
    std::vector<std::int32_t> m_order;
};

/// The uniform number of one token: a Philox block of its own for each (seed, stream, sample, position).
double tokenUniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t sample, std::uint64_t position);

}  // namespace retort
