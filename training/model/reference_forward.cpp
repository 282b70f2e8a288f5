#include "training/model/reference_forward.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>

#include "training/model/lora.h"
#include "training/model/rotary.h"
#include "training/torch_compat.h"

namespace retort {

using torch::Tensor;

/// A contiguous part of the flat buffer cut into its weights by one differentiable split, whose backward is a
/// single concatenation.
class ReferenceForward::Weights {
  public:
    /// `part` holds the floats [begin, end) of the buffer, with the slices [first, last).
    Weights(const Tensor& part, const WeightLayout& layout, std::int64_t begin, std::int64_t end,
            std::size_t first, std::size_t last) {
        std::vector<std::int64_t> sizes;
        std::int64_t at = begin;
        const auto cut = [&](std::int64_t size) {
            if (size <= 0) return;
            sizes.push_back(size);
            m_offsets.push_back(at);
            at += size;
        };
        for (std::size_t i = first; i < last; ++i) {
            cut(layout.slices[i].offset - at);
            cut(layout.slices[i].size);
        }
        cut(end - at);
        m_parts = part.split_with_sizes(sizes);
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
    std::vector<Tensor> m_parts;
    std::vector<std::int64_t> m_offsets;
};

/// Where the batch's tokens lie, and their angles.
struct ReferenceForward::Geometry {
    std::int64_t sequences, length;
    Tensor ids, positions, slots;  ///< slots: each token's place in [sequences × length]
    Tensor cos, sin;               ///< [N, 1, headDim / 2]; undefined without RoPE
    KeyCache* cache = nullptr;     ///< receives keys and values; null: nobody does
    bool continues = false;        ///< one token a sequence, whose others are in the cache
};

namespace {

Tensor rmsNorm(const Tensor& x, const Tensor& weight, double eps) {
    return x * torch::rsqrt(x.square().mean(-1, true) + eps) * weight;
}

Tensor linear(const Tensor& x, const Tensor& weight, Precision precision) {
    return precision == Precision::BFloat16
               ? at::linear(x.to(torch::kBFloat16), weight.to(torch::kBFloat16)).to(x.scalar_type())
               : at::linear(x, weight);
}

/// x: [N, heads, headDim]; rotates the pairs (i, i + headDim/2), as Hugging Face lays them out.
Tensor rotate(const Tensor& x, const Tensor& cos, const Tensor& sin) {
    const auto halves = x.chunk(2, -1);
    return torch::cat({halves[0] * cos - halves[1] * sin, halves[1] * cos + halves[0] * sin}, -1);
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

/// One query [rows, heads, width] a row against what its cache holds up to `positions`.
Tensor attendCached(const Tensor& q, const Tensor& keys, const Tensor& values, const Tensor& positions) {
    const std::int64_t rows = q.size(0), width = q.size(2), kvHeads = keys.size(2), length = keys.size(1);
    const Tensor query = q.view({rows, kvHeads, q.size(1) / kvHeads, width});
    Tensor scores = torch::matmul(query, keys.permute({0, 2, 3, 1})) / std::sqrt(double(width));
    const Tensor later = torch::arange(length, positions.options()).gt(positions.unsqueeze(1));
    scores = scores.masked_fill(later.view({rows, 1, 1, length}), -std::numeric_limits<double>::infinity());
    return torch::matmul(scores.softmax(-1), values.transpose(1, 2)).reshape({rows, q.size(1) * width});
}

using LayerFunction = std::function<Tensor(const Tensor& x, const Tensor& span, const Tensor& adapterFlat)>;

struct LayerHolder : torch::CustomClassHolder {
    LayerFunction run;
};

/// Activation checkpointing of one layer: its input is kept, the rest computed again on the way back.
struct Recomputed : torch::autograd::Function<Recomputed> {
    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& x, const Tensor& span,
                          const Tensor& adapterFlat, const c10::intrusive_ptr<LayerHolder>& layer) {
        context->save_for_backward({x, span, adapterFlat});
        context->saved_data["layer"] = c10::IValue::make_capsule(layer);
        return layer->run(x, span, adapterFlat);
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list gradients) {
        const auto layer =
            c10::static_intrusive_pointer_cast<LayerHolder>(context->saved_data["layer"].toCapsule());
        const torch::AutoGradMode enable(true);
        std::vector<Tensor> inputs, wanted;
        for (const Tensor& saved : context->get_saved_variables()) {
            inputs.push_back(saved.detach().set_requires_grad(saved.requires_grad()));
            if (saved.requires_grad()) wanted.push_back(inputs.back());
        }
        const Tensor y = layer->run(inputs[0], inputs[1], inputs[2]);
        const auto found = torch::autograd::grad({y}, wanted, {gradients[0]}, c10::nullopt, false, true);
        torch::autograd::variable_list result;
        std::size_t next = 0;
        for (const Tensor& input : inputs) result.push_back(input.requires_grad() ? found[next++] : Tensor());
        result.emplace_back();
        return result;
    }
};

}  // namespace

ReferenceForward::Geometry ReferenceForward::geometryOf(const PackedBatch& batch,
                                                        const torch::TensorOptions& options) const {
    const auto device = options.device();
    Geometry g{batch.starts.numel() - 1,
               batch.maxLength,
               batch.ids.to(device),
               batch.positions.to(device),
               slotsOf(batch, device),
               {},
               {},
               nullptr,
               false};
    if (shape.positionEmbedding != "rope") return g;
    RotaryRows rotary =
        batchRotary(shape, batch.starts.data_ptr<std::int32_t>(), g.sequences, batch.maxLength);
    const Tensor rows =
        rotary.rows.empty() ? g.positions : torch::tensor(rotary.rows, torch::kInt64).to(device);
    const auto angles = [&](const std::vector<float>& values) {
        return torch::tensor(values)
            .view({-1, shape.headDim / 2})
            .to(options)
            .index_select(0, rows)
            .unsqueeze(1);
    };
    g.cos = angles(rotary.table.cosines);
    g.sin = angles(rotary.table.sines);
    return g;
}

Tensor ReferenceForward::norm(const Tensor& x, const Weights& weights, std::int64_t weight,
                              std::int64_t bias) const {
    const std::int64_t width = x.size(-1);
    if (shape.block == DecoderBlock::Gpt2)
        return at::layer_norm(x, {width}, weights.vector(weight, width).to(x.scalar_type()),
                              weights.vector(bias, width).to(x.scalar_type()), shape.rmsNormEps);
    return rmsNorm(x, weights.vector(weight, width), shape.rmsNormEps);
}

Tensor ReferenceForward::project(const Tensor& x, const Weights& weights, std::int64_t weight,
                                 std::int64_t bias, std::int64_t rows, std::int64_t columns,
                                 const Tensor& adapterFlat) const {
    Tensor y = linear(x, weights.matrix(weight, rows, columns), precision);
    if (bias >= 0) y = y + weights.vector(bias, rows);
    return adapter ? adapter->addBranch(adapterFlat, x, y, weight, rows, pass) : y;
}

/// Causal attention inside each sequence, for which the rows are laid out in [sequences, length].
Tensor ReferenceForward::attention(std::size_t index, const Tensor& x, const Weights& weights,
                                   const Tensor& adapterFlat, const Geometry& g) const {
    const LayerOffsets& at = layout.layers[index];
    const std::int64_t heads = shape.heads, width = shape.headDim;
    const std::int64_t query = heads * width, keyValue = shape.kvHeads * width;
    const auto parts =
        project(x, weights, at.qkv, at.qkvBias, query + 2 * keyValue, shape.hiddenSize, adapterFlat)
            .split_with_sizes({query, keyValue, keyValue}, 1);
    Tensor q = parts[0].view({-1, heads, width}), k = parts[1].view({-1, shape.kvHeads, width});
    if (shape.qkNorm) {
        q = rmsNorm(q, weights.vector(at.qNorm, width), shape.rmsNormEps);
        k = rmsNorm(k, weights.vector(at.kNorm, width), shape.rmsNormEps);
    }
    if (g.cos.defined()) {
        q = rotate(q, g.cos, g.sin);
        k = rotate(k, g.cos, g.sin);
    }
    const Tensor v = parts[2].view({-1, shape.kvHeads, width});
    if (g.cache) {
        const auto row =
            g.continues ? torch::arange(g.sequences, g.positions.options()) : g.slots.div(g.length, "floor");
        g.cache->keys[index].index_put_({row, g.positions}, k);
        g.cache->values[index].index_put_({row, g.positions}, v);
    }
    if (g.continues) {
        const Tensor rows = attendCached(q, g.cache->keys[index].slice(1, 0, g.cache->longest),
                                         g.cache->values[index].slice(1, 0, g.cache->longest), g.positions);
        return project(rows, weights, at.o, at.oBias, shape.hiddenSize, query, adapterFlat);
    }
    const auto padded = [&](const Tensor& rows) {
        Tensor filled = torch::zeros({g.sequences * g.length, rows.size(1), width}, rows.options());
        filled = filled.index_copy(0, g.slots, rows).view({g.sequences, g.length, rows.size(1), width});
        filled = filled.transpose(1, 2);
        return rows.size(1) == heads ? filled : filled.repeat_interleave(heads / rows.size(1), 1);
    };
    const Tensor mixed = causalAttention(padded(q), padded(k), padded(v));
    const Tensor rows =
        mixed.transpose(1, 2).reshape({g.sequences * g.length, query}).index_select(0, g.slots);
    return project(rows, weights, at.o, at.oBias, shape.hiddenSize, query, adapterFlat);
}

Tensor ReferenceForward::mlp(std::size_t index, const Tensor& x, const Weights& weights,
                             const Tensor& adapterFlat) const {
    const LayerOffsets& at = layout.layers[index];
    const std::int64_t inner = shape.intermediateSize, hidden = shape.hiddenSize;
    Tensor act;
    if (shape.block == DecoderBlock::Gpt2) {
        act = at::gelu(project(x, weights, at.gateUp, at.upBias, inner, hidden, adapterFlat), "tanh");
    } else {
        const auto gateUp = project(x, weights, at.gateUp, -1, 2 * inner, hidden, adapterFlat).chunk(2, 1);
        act = torch::silu(gateUp[0]) * gateUp[1];
    }
    return project(act, weights, at.down, at.downBias, hidden, inner, adapterFlat);
}

Tensor ReferenceForward::layer(std::size_t index, const Tensor& x, const Tensor& span,
                               const Tensor& adapterFlat, const Geometry& g) const {
    const LayerOffsets& at = layout.layers[index];
    const Weights weights(span, layout, at.begin, at.end, at.firstSlice, at.lastSlice);
    const std::string name = "layers." + std::to_string(index);
    report(hook, name + ".input", x);
    const Tensor mixed =
        attention(index, norm(x, weights, at.inputNorm, at.inputNormBias), weights, adapterFlat, g);
    report(hook, name + ".attention", mixed);
    const Tensor middle = x + mixed;
    const Tensor out = mlp(index, norm(middle, weights, at.postNorm, at.postNormBias), weights, adapterFlat);
    report(hook, name + ".mlp", out);
    return middle + out;
}

Tensor ReferenceForward::hidden(const Tensor& flat, const PackedBatch& batch) const {
    return run(flat, geometryOf(batch, flat.options()));
}

Tensor ReferenceForward::fill(const Tensor& flat, const PackedBatch& batch, KeyCache& cache) const {
    Geometry g = geometryOf(batch, flat.options().dtype(cache.keys.front().scalar_type()));
    g.cache = &cache;
    cache.longest = batch.maxLength;
    return run(flat, g);
}

Tensor ReferenceForward::next(const Tensor& flat, const Tensor& ids, const Tensor& positions,
                              KeyCache& cache) const {
    Geometry g{ids.numel(), 1, ids, positions, {}, {}, {}, &cache, true};
    if (cache.cos.defined()) {
        g.cos = cache.cos.index_select(0, positions).unsqueeze(1);
        g.sin = cache.sin.index_select(0, positions).unsqueeze(1);
    }
    cache.longest = std::min(cache.longest + 1, cache.capacity());
    return run(flat, g);
}

Tensor ReferenceForward::run(const Tensor& flat, const Geometry& g) const {
    const std::int64_t begin = layout.layers.front().begin, end = layout.layers.back().end;
    std::vector<std::int64_t> sizes = {begin};
    for (const LayerOffsets& at : layout.layers) sizes.push_back(at.end - at.begin);
    sizes.push_back(layout.size - end);
    const auto spans = flat.split_with_sizes(sizes);
    const Weights before(spans.front(), layout, 0, begin, 0, layout.layers.front().firstSlice);
    const Weights after(spans.back(), layout, end, layout.size, layout.layers.back().lastSlice,
                        layout.slices.size());
    const Tensor adapterFlat = adapter ? adapter->flat() : Tensor();

    Tensor x = torch::embedding(before.matrix(layout.embedding, shape.vocabSize, shape.hiddenSize), g.ids);
    if (layout.positions >= 0)
        x = x + torch::embedding(before.matrix(layout.positions, shape.maxPositions, shape.hiddenSize),
                                 g.positions);
    if (x.scalar_type() == torch::kBFloat16) x = x.to(torch::kFloat32);  // weights that are kept rounded
    for (std::size_t i = 0; i < layout.layers.size(); ++i) {
        const auto run = [self = *this, i, g](const Tensor& input, const Tensor& span, const Tensor& lora) {
            return self.layer(i, input, span, lora, g);
        };
        if (!checkpointing || hook || !torch::GradMode::is_enabled()) {
            x = run(x, spans[i + 1], adapterFlat);
            continue;
        }
        const auto holder = c10::make_intrusive<LayerHolder>();
        holder->run = run;
        x = Recomputed::apply(x, spans[i + 1], adapterFlat.defined() ? adapterFlat : torch::empty({0}),
                              holder);
    }
    const Tensor last = norm(x, after, layout.finalNorm, layout.finalNormBias);
    report(hook, "final", last);
    return last;
}

Tensor ReferenceForward::logits(const Tensor& flat, const Tensor& rows) const {
    const Tensor head = flat.slice(0, layout.head, layout.head + shape.vocabSize * shape.hiddenSize)
                            .view({shape.vocabSize, shape.hiddenSize});
    const Tensor y = linear(rows, head, precision);
    return adapter ? adapter->addBranch(adapter->flat(), rows, y, layout.head, shape.vocabSize, pass) : y;
}

TokenScores scoreLogits(const Tensor& logits, const Tensor& targets, double temperature,
                        bool entropyGradient) {
    const Tensor all = torch::log_softmax(logits / temperature, -1);
    const Tensor detached = all.detach();
    TokenScores scores;
    scores.logprobs = all.gather(1, targets.unsqueeze(1)).squeeze(1);
    const Tensor& source = entropyGradient ? all : detached;
    scores.entropies = -(source.exp() * source).nan_to_num(0).sum(-1);
    scores.maxLogits = logits.detach().amax(-1);
    scores.meanLogits = logits.detach().mean(-1);
    scores.hits = detached.argmax(-1) == targets;
    return scores;
}

}  // namespace retort
