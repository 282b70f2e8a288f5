#include "training/model/reference_forward.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "training/torch_compat.h"

namespace retort {

namespace {

using torch::Tensor;

/// The flat buffer cut into its weights by one differentiable split, whose backward is a single
/// concatenation.
class Weights {
  public:
    Weights(const Tensor& flat, const WeightLayout& layout) {
        std::vector<std::int64_t> sizes;
        std::int64_t at = 0;
        for (const WeightSlice& slice : layout.slices) {
            cut(sizes, slice.offset - at);
            cut(sizes, slice.size);
            at = slice.offset + slice.size;
        }
        cut(sizes, layout.size - at);
        m_parts = flat.split_with_sizes(sizes);
        m_offsets.reserve(sizes.size());
        at = 0;
        for (std::int64_t size : sizes) {
            m_offsets.push_back(at);
            at += size;
        }
    }

    /// `rows × columns` floats from `offset`, joined from the slices that lie there.
    Tensor matrix(std::int64_t offset, std::int64_t rows, std::int64_t columns) const {
        return vector(offset, rows * columns).view({rows, columns});
    }
    Tensor vector(std::int64_t offset, std::int64_t size) const {
        std::size_t i =
            std::size_t(std::lower_bound(m_offsets.begin(), m_offsets.end(), offset) - m_offsets.begin());
        std::vector<Tensor> parts;
        for (std::int64_t taken = 0; taken < size; ++i) {
            parts.push_back(m_parts[i]);
            taken += m_parts[i].numel();
        }
        return parts.size() == 1 ? parts[0] : torch::cat(parts);
    }

  private:
    static void cut(std::vector<std::int64_t>& sizes, std::int64_t size) {
        if (size > 0) sizes.push_back(size);
    }
    std::vector<Tensor> m_parts;
    std::vector<std::int64_t> m_offsets;
};

Tensor rmsNorm(const Tensor& x, const Tensor& weight, double eps) {
    return x * torch::rsqrt(x.square().mean(-1, true) + eps) * weight;
}

Tensor linear(const Tensor& x, const Tensor& weight, Precision precision, const Tensor& bias = {}) {
    Tensor y = precision == Precision::BFloat16
                   ? at::linear(x.to(torch::kBFloat16), weight.to(torch::kBFloat16)).to(x.scalar_type())
                   : at::linear(x, weight);
    return bias.defined() ? y + bias : y;
}

/// x: [N, heads, headDim]; rotates the pairs (i, i + headDim/2), as Hugging Face lays them out.
Tensor rotate(const Tensor& x, const Tensor& cos, const Tensor& sin) {
    const auto halves = x.chunk(2, -1);
    return torch::cat({halves[0] * cos - halves[1] * sin, halves[1] * cos + halves[0] * sin}, -1);
}

/// Causal attention of [N, heads, headDim] rows that are laid out in [B, maxLength] for it; `slots` says
/// where.
Tensor attend(const Tensor& q, const Tensor& k, const Tensor& v, const PackedBatch& batch,
              const Tensor& slots) {
    const std::int64_t sequences = batch.starts.numel() - 1, length = batch.maxLength;
    const std::int64_t heads = q.size(1), width = q.size(2);
    const auto padded = [&](const Tensor& x) {
        Tensor filled =
            torch::zeros({sequences * length, x.size(1), width}, x.options()).index_copy(0, slots, x);
        filled = filled.view({sequences, length, x.size(1), width}).transpose(1, 2);
        return x.size(1) == heads ? filled : filled.repeat_interleave(heads / x.size(1), 1);
    };
    Tensor scores = torch::matmul(padded(q), padded(k).transpose(-1, -2)) / std::sqrt(double(width));
    const Tensor future =
        torch::ones({length, length}, torch::TensorOptions().dtype(torch::kBool).device(q.device())).triu(1);
    scores = scores.masked_fill(future, -std::numeric_limits<double>::infinity());
    const Tensor mixed = torch::matmul(torch::softmax(scores, -1), padded(v));
    return mixed.transpose(1, 2).reshape({sequences * length, heads * width}).index_select(0, slots);
}

Tensor slotsOf(const PackedBatch& batch, const torch::Device& device) {
    const Tensor starts = batch.starts.to(torch::kInt64);
    const Tensor lengths = starts.slice(0, 1) - starts.slice(0, 0, -1);
    const Tensor sequence = torch::repeat_interleave(torch::arange(lengths.numel()), lengths);
    return (sequence.to(device) * batch.maxLength + batch.positions.to(device));
}

void report(const CausalLM::Hook& hook, const std::string& name, const Tensor& value) {
    if (!hook) return;
    hook(name, value.detach());
    if (!value.requires_grad()) return;
    value.register_hook([hook, name](const Tensor& gradient) { hook("grad/" + name, gradient); });
}

}  // namespace

std::pair<Tensor, Tensor> rotaryTables(const ModelShape& shape, std::int64_t positions) {
    const Tensor even = torch::arange(0, shape.headDim, 2, torch::kInt64).to(torch::kFloat32);
    const Tensor frequency = 1.0 / torch::pow(float(shape.ropeTheta), even / double(shape.headDim));
    const Tensor angles = torch::outer(torch::arange(positions).to(torch::kFloat32), frequency);
    return {angles.cos(), angles.sin()};
}

Tensor ReferenceForward::hidden(const Tensor& flat, const PackedBatch& batch) const {
    const Weights weights(flat, layout);
    const auto device = flat.device();
    const Tensor ids = batch.ids.to(device), positions = batch.positions.to(device),
                 slots = slotsOf(batch, device);
    const std::int64_t H = shape.hiddenSize, D = shape.headDim, I = shape.intermediateSize;
    const std::int64_t q = shape.heads * D, kv = shape.kvHeads * D;

    Tensor x = torch::embedding(weights.matrix(layout.embedding, shape.vocabSize, H), ids);
    if (layout.positions >= 0)
        x = x + torch::embedding(weights.matrix(layout.positions, shape.maxPositions, H), positions);
    Tensor cos, sin;
    if (shape.positionEmbedding == "rope") {
        std::tie(cos, sin) = rotaryTables(shape, batch.maxLength);
        cos = cos.to(flat.options()).index_select(0, positions).unsqueeze(1);
        sin = sin.to(flat.options()).index_select(0, positions).unsqueeze(1);
    }
    for (std::size_t i = 0; i < layout.layers.size(); ++i) {
        const LayerOffsets& at = layout.layers[i];
        const std::string name = "layers." + std::to_string(i);
        report(hook, name + ".input", x);
        const Tensor bias = at.qkvBias >= 0 ? weights.vector(at.qkvBias, q + 2 * kv) : Tensor();
        const auto parts = linear(rmsNorm(x, weights.vector(at.inputNorm, H), shape.rmsNormEps),
                                  weights.matrix(at.qkv, q + 2 * kv, H), precision, bias)
                               .split_with_sizes({q, kv, kv}, 1);
        Tensor queries = parts[0].view({-1, shape.heads, D}), keys = parts[1].view({-1, shape.kvHeads, D});
        if (shape.qkNorm) {
            queries = rmsNorm(queries, weights.vector(at.qNorm, D), shape.rmsNormEps);
            keys = rmsNorm(keys, weights.vector(at.kNorm, D), shape.rmsNormEps);
        }
        if (cos.defined()) {
            queries = rotate(queries, cos, sin);
            keys = rotate(keys, cos, sin);
        }
        const Tensor mixed = attend(queries, keys, parts[2].view({-1, shape.kvHeads, D}), batch, slots);
        const Tensor attention = linear(mixed, weights.matrix(at.o, H, q), precision);
        report(hook, name + ".attention", attention);
        x = x + attention;
        const auto gateUp = linear(rmsNorm(x, weights.vector(at.postNorm, H), shape.rmsNormEps),
                                   weights.matrix(at.gateUp, 2 * I, H), precision)
                                .chunk(2, 1);
        const Tensor mlp =
            linear(torch::silu(gateUp[0]) * gateUp[1], weights.matrix(at.down, H, I), precision);
        report(hook, name + ".mlp", mlp);
        x = x + mlp;
    }
    const Tensor last = rmsNorm(x, weights.vector(layout.finalNorm, H), shape.rmsNormEps);
    report(hook, "final", last);
    return last;
}

Tensor ReferenceForward::logits(const Tensor& flat, const Tensor& rows) const {
    const Tensor head = flat.slice(0, layout.head, layout.head + shape.vocabSize * shape.hiddenSize)
                            .view({shape.vocabSize, shape.hiddenSize});
    return linear(rows, head, precision);
}

TokenScores scoreLogits(const Tensor& logits, const Tensor& targets, double temperature) {
    const Tensor all = torch::log_softmax(logits / temperature, -1);
    const Tensor detached = all.detach();
    TokenScores scores;
    scores.logprobs = all.gather(1, targets.unsqueeze(1)).squeeze(1);
    scores.entropies = -(detached.exp() * detached).nan_to_num(0).sum(-1);
    scores.maxLogits = logits.detach().amax(-1);
    scores.hits = detached.argmax(-1) == targets;
    return scores;
}

}  // namespace retort
