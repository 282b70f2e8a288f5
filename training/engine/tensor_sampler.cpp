#include "training/engine/tensor_sampler.h"

#include <algorithm>
#include <tuple>

#include "training/engine/sampler.h"

namespace retort {

using torch::Tensor;

TensorSampler::TensorSampler(const SamplingSettings& settings, std::int64_t choosable)
    : m_temperature(settings.temperature),
      m_topP(settings.topP),
      m_topK(settings.topK),
      m_choosable(choosable),
      m_entropy(settings.recordEntropies) {
    checkSampling(settings);
}

TensorChoices TensorSampler::choose(const Tensor& logits, const Tensor& uniforms) const {
    const Tensor logprobs = torch::log_softmax(m_temperature > 0 ? logits / m_temperature : logits, -1);
    TensorChoices choices;
    if (m_temperature == 0) {
        choices.tokens = logits.slice(1, 0, m_choosable).argmax(-1);
    } else {
        // Sums in float64: what is added up is compared with a number that may lie anywhere between.
        const Tensor weights = filtered(logprobs.slice(1, 0, m_choosable).exp().to(torch::kFloat64));
        const Tensor sums = weights.cumsum(-1);
        const Tensor wanted = sums.slice(1, m_choosable - 1) * uniforms.unsqueeze(1);
        choices.tokens = torch::searchsorted(sums, wanted, false, true).clamp_max(m_choosable - 1).squeeze(1);
    }
    choices.logprobs = logprobs.gather(1, choices.tokens.unsqueeze(1)).squeeze(1);
    if (m_entropy) choices.entropies = -(logprobs.exp() * logprobs).nan_to_num(0).sum(-1);
    return choices;
}

/// Zero for what top-k and top-p leave out.
Tensor TensorSampler::filtered(Tensor weights) const {
    if (m_topK > 0 && m_topK < m_choosable) {
        const Tensor least = std::get<0>(weights.topk(m_topK, -1)).slice(1, m_topK - 1);
        weights = weights.masked_fill(weights < least, 0);
    }
    if (m_topP < 1) {
        const auto [sorted, order] = weights.sort(true, -1, true);
        const Tensor sums = sorted.cumsum(-1);
        const Tensor kept = sorted.masked_fill(sums - sorted >= m_topP * sums.slice(1, m_choosable - 1), 0);
        weights = torch::zeros_like(weights).scatter(1, order, kept);
    }
    return weights;
}

}  // namespace retort
