#include "training/model/causal_lm.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "core/util/random.h"
#include "training/model/causal_lm_impl.h"

namespace retort {

namespace {

bool endsWith(const std::string& text, const std::string& end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// A stream per weight name, so that a weight's start does not depend on what else the model has.
void initialise(float* values, const WeightSlice& slice, const ModelShape& shape, std::uint64_t seed) {
    if (slice.shape.size() == 1) {
        std::fill_n(values, slice.size,
                    endsWith(slice.name, ".weight") ? 1.0f : 0.0f);  // a norm's, or a bias
        return;
    }
    double deviation = shape.initializerRange;
    if (endsWith(slice.name, "o_proj.weight") || endsWith(slice.name, "down_proj.weight") ||
        endsWith(slice.name, "c_proj.weight"))
        deviation /= std::sqrt(2.0 * double(shape.layers));
    const std::uint64_t stream = stableHash(slice.name);
    at::parallel_for(0, slice.size, 4096, [&](std::int64_t begin, std::int64_t end) {
        Random random(seed, stream, std::uint64_t(begin) * 4);  // a normal takes four values of the stream
        for (std::int64_t i = begin; i < end; ++i) values[i] = float(deviation * random.normal());
    });
}

std::vector<std::pair<std::string, torch::Tensor>> viewsOf(const torch::Tensor& flat,
                                                           const std::vector<WeightSlice>& slices) {
    std::vector<std::pair<std::string, torch::Tensor>> views;
    const torch::Tensor detached = flat.detach();
    for (const WeightSlice& slice : slices)
        views.emplace_back(slice.name,
                           detached.slice(0, slice.offset, slice.offset + slice.size).view(slice.shape));
    return views;
}

}  // namespace

CausalLM::CausalLM(const ModelShape& shape) : m_shape(shape), m_impl(std::make_shared<Impl>(shape)) {
    m_impl->flat = register_parameter("flat", torch::zeros({m_impl->layout.size}, torch::kFloat32));
}

CausalLM::CausalLM(const ModelShape& shape, std::uint64_t seed) : CausalLM(shape) {
    float* weights = m_impl->flat.data_ptr<float>();
    for (const WeightSlice& slice : m_impl->layout.slices)
        initialise(weights + slice.offset, slice, shape, seed);
}

void CausalLM::setPrecision(Precision precision) {
    m_precision = precision;
}
void CausalLM::setHook(Hook hook) {
    m_impl->hook = std::move(hook);
}
void CausalLM::setReference(bool reference) {
    m_impl->reference = reference;
}
torch::Tensor CausalLM::flatParameters() const {
    return m_impl->flat;
}
torch::Tensor CausalLM::flatGradients() const {
    return m_impl->flat.grad();
}
const std::vector<WeightSlice>& CausalLM::slices() const {
    return m_impl->layout.slices;
}

std::vector<std::pair<std::string, torch::Tensor>> CausalLM::namedWeights() const {
    return namedViews(m_impl->flat);
}

std::vector<std::pair<std::string, torch::Tensor>> CausalLM::namedViews(const torch::Tensor& flat) const {
    return viewsOf(flat, m_impl->layout.slices);
}

torch::Tensor CausalLM::hidden(const PackedBatch& batch) {
    const torch::Tensor weights = m_impl->weights();
    if (m_impl->canFuse(m_precision, m_shape)) return m_impl->fused.hidden(weights, batch);
    return m_impl->plain(m_shape, m_precision).hidden(weights, batch);
}

torch::Tensor CausalLM::logits(const PackedBatch& batch) {
    const torch::Tensor weights = m_impl->weights();
    const ReferenceForward plain = m_impl->plain(m_shape, m_precision);
    const bool fuse = m_impl->canFuse(m_precision, m_shape);
    return plain.logits(weights, fuse ? m_impl->fused.hidden(weights, batch) : plain.hidden(weights, batch));
}

TokenScores CausalLM::score(const PackedBatch& batch, double temperature, bool entropyGradient) {
    const torch::Tensor weights = m_impl->weights();
    if (m_impl->canFuse(m_precision, m_shape)) {
        TokenScores scores = m_impl->fused.score(weights, batch, temperature);
        if (!entropyGradient) scores.entropies = scores.entropies.detach();
        return scores;
    }
    const ReferenceForward plain = m_impl->plain(m_shape, m_precision);
    const torch::Tensor rows = batch.targets.ne(-100).nonzero().squeeze(1);
    const torch::Tensor targets = batch.targets.index_select(0, rows).to(device());
    const torch::Tensor selected = plain.hidden(weights, batch).index_select(0, rows.to(device()));
    TokenScores scores = scoreLogits(plain.logits(weights, selected), targets, temperature, entropyGradient);
    for (torch::Tensor* values :
         {&scores.logprobs, &scores.entropies, &scores.hits, &scores.maxLogits, &scores.meanLogits})
        *values = values->to(torch::kCPU);
    return scores;
}

void CausalLM::setCheckpointing(bool checkpointing) {
    m_impl->checkpointing = checkpointing;
    m_impl->fused.setCheckpointing(checkpointing);
}

std::size_t CausalLM::activationBytes() const {
    return m_impl->fused.activationBytes();
}

torch::Device CausalLM::device() const {
    return m_impl->flat.device();
}

void CausalLM::setDevice(const torch::Device& device) {
    m_impl->flat.set_data(m_impl->flat.detach().to(device));
    if (m_impl->adapter) m_impl->adapter->setDevice(device);
}

void CausalLM::setSpecialTokens(std::vector<std::int32_t> eosIds, std::int32_t padId) {
    m_impl->eosIds = std::move(eosIds);
    m_impl->padId = padId;
}

const std::vector<std::int32_t>& CausalLM::eosIds() const {
    return m_impl->eosIds;
}

void CausalLM::setAdapter(std::shared_ptr<LoraAdapter> adapter) {
    m_impl->flat.set_requires_grad(!adapter);
    if (adapter) adapter->setDevice(device());
    m_impl->adapter = std::move(adapter);
}

std::shared_ptr<LoraAdapter> CausalLM::adapter() const {
    return m_impl->adapter;
}

void CausalLM::mergeAdapter() {
    if (!m_impl->adapter) return;
    const torch::NoGradGuard noGradient;
    m_impl->flat.copy_(m_impl->adapter->merged(m_impl->flat));
    setAdapter(nullptr);
}

torch::Tensor CausalLM::trainableParameters() const {
    return m_impl->adapter ? m_impl->adapter->flat() : m_impl->flat;
}

torch::Tensor CausalLM::trainableGradients() const {
    return trainableParameters().grad();
}

const std::vector<WeightSlice>& CausalLM::trainableSlices() const {
    return m_impl->adapter ? m_impl->adapter->slices() : m_impl->layout.slices;
}

std::vector<std::pair<std::string, torch::Tensor>> CausalLM::trainableViews(const torch::Tensor& flat) const {
    return viewsOf(flat, trainableSlices());
}

torch::Tensor CausalLM::effectiveParameters() const {
    const torch::NoGradGuard noGradient;
    return m_impl->weights().detach();
}

}  // namespace retort
