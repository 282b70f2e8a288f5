#include "training/engine/sampler.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/util/error.h"
#include "core/util/random.h"
#include "training/engine/kernels/kernels.h"

namespace retort {

double tokenUniform(std::uint64_t seed, std::uint64_t stream, std::uint64_t sample, std::uint64_t position) {
    const auto block = philox(seed, stream, (sample << 32) | (position & 0xffffffffu));
    const std::uint64_t bits = (std::uint64_t(block[0]) << 32) | block[1];
    return double(bits >> 11) * 0x1.0p-53;
}

void checkSampling(const SamplingSettings& settings) {
    if (!(settings.temperature >= 0)) throw Error("temperature must not be negative", "temperature");
    if (!(settings.topP > 0 && settings.topP <= 1))
        throw Error("top_p must be above 0 and at most 1", "top_p");
    if (settings.topK < 0) throw Error("top_k must not be negative", "top_k");
}

Sampler::Sampler(const SamplingSettings& settings, std::int64_t vocabSize, std::int64_t choosable)
    : m_temperature(settings.temperature),
      m_topP(settings.topP),
      m_topK(settings.topK),
      m_vocab(vocabSize),
      m_choosable(std::clamp<std::int64_t>(choosable, 1, vocabSize)),
      m_entropy(settings.recordEntropies),
      m_weights(std::size_t(vocabSize)) {
    checkSampling(settings);
}

Choice Sampler::choose(const float* logits, double uniform) {
    const float scale = m_temperature > 0 ? float(1 / m_temperature) : 1.0f;
    float peak = 0;
    double sum = 0, weighted = 0;
    kernels().exponentials(logits, long(m_vocab), scale, m_weights.data(), &peak, &sum, &weighted);
    if (!std::isfinite(sum) || !std::isfinite(peak))
        throw Error("the model's logits are not finite", "generation", "the weights have diverged");
    const double logSum = std::log(sum);
    Choice choice;
    const bool filtered = m_topP < 1 || (m_topK > 0 && m_topK < m_choosable);
    choice.token = m_temperature == 0 ? greedy(logits) : filtered ? drawFiltered(uniform) : draw(uniform);
    choice.logprob = float((double(logits[choice.token]) - peak) * scale - logSum);
    if (m_entropy) choice.entropy = float(std::max(0.0, logSum - weighted / sum));
    return choice;
}

std::int32_t Sampler::greedy(const float* logits) const {
    return std::int32_t(std::max_element(logits, logits + m_choosable) - logits);
}

std::int32_t Sampler::draw(double uniform) const {
    const double total = std::accumulate(m_weights.begin(), m_weights.begin() + m_choosable, 0.0);
    double rest = uniform * total;
    std::int32_t last = 0;
    for (std::int64_t i = 0; i < m_choosable; ++i) {
        const float weight = m_weights[std::size_t(i)];
        if (weight <= 0) continue;
        last = std::int32_t(i);
        rest -= weight;
        if (rest < 0) break;
    }
    return last;
}

std::int32_t Sampler::drawFiltered(double uniform) {
    m_order.resize(std::size_t(m_choosable));
    std::iota(m_order.begin(), m_order.end(), 0);
    std::size_t count = m_order.size();
    const auto heavier = [this](std::int32_t a, std::int32_t b) {
        const float wa = m_weights[std::size_t(a)], wb = m_weights[std::size_t(b)];
        return wa != wb ? wa > wb : a < b;  // a total order: equal weights do not depend on the algorithm
    };
    if (m_topK > 0 && std::size_t(m_topK) < count) {
        count = std::size_t(m_topK);
        std::nth_element(m_order.begin(), m_order.begin() + std::ptrdiff_t(count), m_order.end(), heavier);
    }
    double mass = 0;
    for (std::size_t i = 0; i < count; ++i) mass += m_weights[std::size_t(m_order[i])];
    if (m_topP < 1) {
        count = keepTopP(m_topP * mass, count);
        mass = 0;
        for (std::size_t i = 0; i < count; ++i) mass += m_weights[std::size_t(m_order[i])];
    }
    // By token id, so that the draw does not depend on how the candidates were found.
    std::sort(m_order.begin(), m_order.begin() + std::ptrdiff_t(count));
    double rest = uniform * mass;
    for (std::size_t i = 0; i < count; ++i) {
        rest -= m_weights[std::size_t(m_order[i])];
        if (rest < 0) return m_order[i];
    }
    return m_order[count - 1];
}

/// Brings the heaviest of the first `count` candidates, whose weights first reach `mass`, to the front.
std::size_t Sampler::keepTopP(double mass, std::size_t count) {
    const auto heavier = [this](std::int32_t a, std::int32_t b) {
        const float wa = m_weights[std::size_t(a)], wb = m_weights[std::size_t(b)];
        return wa != wb ? wa > wb : a < b;
    };
    const auto at = [this](std::size_t i) { return m_order.begin() + std::ptrdiff_t(i); };
    double reached = 0;
    std::size_t sorted = 0;
    for (std::size_t block = 16; sorted < count;
         block *= 4) {  // most mass is in few tokens: sort only what is needed
        const std::size_t end = std::min(count, sorted + block);
        if (end < count) std::nth_element(at(sorted), at(end), at(count), heavier);
        std::sort(at(sorted), at(end), heavier);
        for (; sorted < end; ++sorted) {
            reached += m_weights[std::size_t(m_order[sorted])];
            if (reached >= mass) return sorted + 1;
        }
    }
    return count;
}

}  // namespace retort
