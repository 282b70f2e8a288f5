#include "training/model/causal_lm.h"

#include <ATen/Parallel.h>

#include <algorithm>
#include <cmath>

#include "core/util/random.h"
#include "training/model/causal_lm_impl.h"
#include "training/model/reference_forward.h"

namespace retort {

namespace {

bool endsWith(const std::string& text, const std::string& end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// A stream per weight name, so that a weight's start does not depend on what else the model has.
void initialise(float* values, const WeightSlice& slice, const ModelShape& shape, std::uint64_t seed) {
    if (slice.shape.size() == 1) {
        std::fill_n(values, slice.size, endsWith(slice.name, "norm.weight") ? 1.0f : 0.0f);
        return;
    }
    double deviation = shape.initializerRange;
    if (endsWith(slice.name, "o_proj.weight") || endsWith(slice.name, "down_proj.weight"))
        deviation /= std::sqrt(2.0 * double(shape.layers));
    const std::uint64_t stream = stableHash(slice.name);
    at::parallel_for(0, slice.size, 4096, [&](std::int64_t begin, std::int64_t end) {
        Random random(seed, stream, std::uint64_t(begin) * 4);  // a normal takes four values of the stream
        for (std::int64_t i = begin; i < end; ++i) values[i] = float(deviation * random.normal());
    });
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
    std::vector<std::pair<std::string, torch::Tensor>> views;
    const torch::Tensor detached = flat.detach();
    for (const WeightSlice& slice : m_impl->layout.slices)
        views.emplace_back(slice.name,
                           detached.slice(0, slice.offset, slice.offset + slice.size).view(slice.shape));
    return views;
}

torch::Tensor CausalLM::hidden(const PackedBatch& batch) {
    if (m_impl->canFuse(m_precision)) return m_impl->fused.hidden(m_impl->flat, batch);
    return ReferenceForward{m_shape, m_impl->layout, m_precision, m_impl->hook}.hidden(m_impl->flat, batch);
}

torch::Tensor CausalLM::logits(const PackedBatch& batch) {
    return ReferenceForward{m_shape, m_impl->layout, m_precision, m_impl->hook}.logits(m_impl->flat,
                                                                                       hidden(batch));
}

TokenScores CausalLM::score(const PackedBatch& batch, double temperature) {
    if (m_impl->canFuse(m_precision)) return m_impl->fused.score(m_impl->flat, batch, temperature);
    const auto device = m_impl->flat.device();
    const torch::Tensor targets = batch.targets.to(device);
    const torch::Tensor rows = targets.ne(-100).nonzero().squeeze(1);
    const torch::Tensor selected = hidden(batch).index_select(0, rows);
    const ReferenceForward reference{m_shape, m_impl->layout, m_precision, m_impl->hook};
    return scoreLogits(reference.logits(m_impl->flat, selected), targets.index_select(0, rows), temperature);
}

}  // namespace retort
