#include "training/search/merge_statistics.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "core/formats/safetensors.h"
#include "core/util/error.h"
#include "core/util/random.h"
#include "training/model/rotary.h"
#include "training/model/weight_layout.h"
#include "training/torch_compat.h"

namespace retort {

using torch::Tensor;

namespace {

constexpr std::size_t rowsAtOnce = 32;

/// Another token at each target's place, drawn from the model's distribution there.
void drawLabels(CausalLM& model, PackedBatch& batch, std::uint64_t seed, std::uint64_t example) {
    const torch::NoGradGuard noGradient;
    const Tensor probabilities =
        model.logits(batch).softmax(-1).to(torch::kCPU, torch::kFloat64).contiguous();
    Random random(stableHash("fisher", seed), example);
    auto* targets = batch.targets.data_ptr<std::int64_t>();
    const std::int64_t vocabulary = probabilities.size(1);
    for (std::int64_t i = 0; i < batch.targets.numel(); ++i) {
        if (targets[i] == -100) continue;
        const double* row = probabilities.data_ptr<double>() + i * vocabulary;
        double rest = random.uniform();
        std::int64_t label = 0;
        while (label + 1 < vocabulary && (rest -= row[label]) >= 0) ++label;
        targets[i] = label;
    }
}

/// In the file's orientation.
Tensor oriented(const Tensor& values, const WeightSlice& slice) {
    const Tensor view = values.slice(0, slice.offset, slice.offset + slice.size).view(slice.shape);
    return (slice.transposedInFile ? view.t() : view).contiguous();
}

Tensor rmsNorm(const Tensor& x, const Tensor& weight, double eps) {
    return x * torch::rsqrt(x.square().mean(-1, true) + eps) * weight;
}

/// x: [N, heads, headDim]; pairs (i, i + headDim / 2), as in the model.
Tensor rotate(const Tensor& x, const Tensor& cos, const Tensor& sin) {
    const auto halves = x.chunk(2, -1);
    return torch::cat({halves[0] * cos - halves[1] * sin, halves[1] * cos + halves[0] * sin}, -1);
}

/// Takes the activations that the model's hooks show, computes from them what enters the linear layers in
/// between, and adds up its products.
class GramSums {
  public:
    explicit GramSums(CausalLM& model) : m_model(model), m_shape(model.shape()) {
        for (const auto& [name, tensor] : model.namedWeights())
            m_weights.emplace(name, tensor.to(torch::kCPU));
    }

    void add(const PackedBatch& batch) {
        std::map<std::string, Tensor> seen;
        m_model.setHook(
            [&](const std::string& name, const Tensor& value) { seen[name] = value.to(torch::kCPU); });
        try {
            const torch::NoGradGuard noGradient;
            m_model.hidden(batch);
        } catch (...) {
            m_model.setHook({});
            throw;
        }
        m_model.setHook({});
        for (std::int64_t i = 0; i < m_shape.layers; ++i) addLayer(i, seen, batch);
        if (!m_shape.tieWordEmbeddings) addInput("lm_head.weight", seen.at("final"));
        m_tokens += batch.ids.numel();
    }

    WeightStatistics take(std::int64_t examples) {
        WeightStatistics statistics{"gram", examples, m_tokens, {}};
        for (const auto& [name, tensor] : m_model.namedWeights())
            if (const auto sum = m_sums.find(name); sum != m_sums.end())
                statistics.tensors.emplace_back(name, (sum->second / double(m_tokens)).to(torch::kFloat32));
        return statistics;
    }

  private:
    void addInput(const std::string& weight, const Tensor& x) { addProduct(weight, x.t().matmul(x)); }
    void addProduct(const std::string& weight, const Tensor& product) {
        const Tensor wide = product.to(torch::kFloat64);
        const auto [sum, isNew] = m_sums.emplace(weight, wide);
        if (!isNew) sum->second.add_(wide);
    }

    void addLayer(std::int64_t layer, const std::map<std::string, Tensor>& seen, const PackedBatch& batch) {
        const std::string name = "layers." + std::to_string(layer), prefix = "model." + name + ".";
        const auto weight = [&](const std::string& part) { return m_weights.at(prefix + part); };
        const Tensor x = seen.at(name + ".input");
        const Tensor normed = rmsNorm(x, weight("input_layernorm.weight"), m_shape.rmsNormEps);
        const Tensor entering = normed.t().matmul(normed);
        for (const char* part : {"q_proj", "k_proj", "v_proj"})
            addProduct(prefix + "self_attn." + part + ".weight", entering);
        addInput(prefix + "self_attn.o_proj.weight", mixed(normed, prefix + "self_attn.", batch));
        const Tensor middle = x + seen.at(name + ".attention");
        const Tensor post = rmsNorm(middle, weight("post_attention_layernorm.weight"), m_shape.rmsNormEps);
        const Tensor inner = post.t().matmul(post);
        for (const char* part : {"gate_proj", "up_proj"})
            addProduct(prefix + "mlp." + part + ".weight", inner);
        const Tensor act = torch::silu(at::linear(post, weight("mlp.gate_proj.weight"))) *
                           at::linear(post, weight("mlp.up_proj.weight"));
        addInput(prefix + "mlp.down_proj.weight", act);
    }

    /// What attention gives to its output projection, [N, heads · headDim].
    Tensor mixed(const Tensor& normed, const std::string& prefix, const PackedBatch& batch) const {
        const auto projected = [&](const char* part, std::int64_t heads) {
            const std::string name = prefix + part;
            const auto bias = m_weights.find(name + ".bias");
            return at::linear(normed, m_weights.at(name + ".weight"),
                              bias == m_weights.end() ? c10::optional<Tensor>() : bias->second)
                .view({-1, heads, m_shape.headDim});
        };
        Tensor q = projected("q_proj", m_shape.heads), k = projected("k_proj", m_shape.kvHeads);
        const Tensor v = projected("v_proj", m_shape.kvHeads);
        if (m_shape.qkNorm) {
            q = rmsNorm(q, m_weights.at(prefix + "q_norm.weight"), m_shape.rmsNormEps);
            k = rmsNorm(k, m_weights.at(prefix + "k_norm.weight"), m_shape.rmsNormEps);
        }
        if (m_shape.positionEmbedding == "rope") turn(batch, q, k);
        const auto* starts = batch.starts.data_ptr<std::int32_t>();
        std::vector<Tensor> rows;
        for (std::int64_t s = 0; s + 1 < batch.starts.numel(); ++s) {
            const auto heads = [&](const Tensor& all) {
                const Tensor part = all.slice(0, starts[s], starts[s + 1]).transpose(0, 1).unsqueeze(0);
                return part.size(1) == m_shape.heads
                           ? part
                           : part.repeat_interleave(m_shape.heads / part.size(1), 1);
            };
            rows.push_back(causalAttention(heads(q), heads(k), heads(v))
                               .squeeze(0)
                               .transpose(0, 1)
                               .reshape({-1, m_shape.heads * m_shape.headDim}));
        }
        return torch::cat(rows);
    }

    void turn(const PackedBatch& batch, Tensor& q, Tensor& k) const {
        const RotaryRows rotary = batchRotary(m_shape, batch.starts.data_ptr<std::int32_t>(),
                                              batch.starts.numel() - 1, batch.maxLength);
        const Tensor rows = rotary.rows.empty() ? batch.positions : torch::tensor(rotary.rows, torch::kInt64);
        const auto angles = [&](const std::vector<float>& values) {
            return torch::tensor(values).view({-1, m_shape.headDim / 2}).index_select(0, rows).unsqueeze(1);
        };
        const Tensor cos = angles(rotary.table.cosines), sin = angles(rotary.table.sines);
        q = rotate(q, cos, sin);
        k = rotate(k, cos, sin);
    }

    CausalLM& m_model;
    ModelShape m_shape;
    std::map<std::string, Tensor> m_weights, m_sums;
    std::int64_t m_tokens = 0;
};

}  // namespace

void WeightStatistics::save(const std::filesystem::path& file) const {
    std::vector<TensorData> data;
    for (const auto& [name, tensor] : tensors)
        data.push_back({name, Dtype::Float32, tensor.sizes().vec(), tensor.data_ptr<float>(), false});
    writeSafetensors(file, std::move(data),
                     {{"format", "pt"},
                      {"statistics", kind},
                      {"examples", std::to_string(examples)},
                      {"tokens", std::to_string(tokens)}});
}

WeightStatistics diagonalFisher(CausalLM& model, const std::vector<TokenSequence>& examples,
                                const FisherSettings& settings, const StatisticsProgress& progress,
                                std::stop_token stop) {
    const torch::AutoGradMode enable(true);  // whatever the caller's thread has set
    const Tensor flat = model.flatParameters();
    Tensor sum = torch::zeros_like(flat, torch::kFloat32).to(torch::kCPU);
    WeightStatistics statistics{"fisher", 0, 0, {}};
    for (std::size_t i = 0; i < examples.size() && !stop.stop_requested(); ++i) {
        if (examples[i].targetCount() == 0) continue;
        PackedBatch batch = packSequences({examples[i]});
        if (settings.sampleLabels) drawLabels(model, batch, settings.seed, i);
        if (model.flatGradients().defined()) model.flatGradients().zero_();
        model.score(batch).logprobs.sum().backward();
        const torch::NoGradGuard noGradient;
        const Tensor found = model.flatGradients().to(torch::kCPU);
        sum.addcmul_(found, found);
        statistics.examples += 1;
        statistics.tokens += examples[i].targetCount();
        if (progress) progress(statistics.examples);
    }
    if (statistics.examples == 0 && stop.stop_requested()) return statistics;
    if (statistics.examples == 0) throw Error("the Fisher information needs an example", "statistics");
    if (model.flatGradients().defined()) model.flatGradients().zero_();
    sum.div_(double(statistics.examples));
    for (const WeightSlice& slice : model.slices())
        statistics.tensors.emplace_back(slice.name, oriented(sum, slice));
    return statistics;
}

WeightStatistics gramMatrices(CausalLM& model, const std::vector<TokenSequence>& examples,
                              const StatisticsProgress& progress, std::stop_token stop) {
    if (model.shape().block != DecoderBlock::Llama)
        throw Error("the inputs of GPT-2's layers are not gathered", "statistics",
                    "RegMean works with models of Llama's shape");
    GramSums sums(model);
    std::int64_t done = 0;
    for (std::size_t first = 0; first < examples.size() && !stop.stop_requested(); first += rowsAtOnce) {
        const std::size_t last = std::min(examples.size(), first + rowsAtOnce);
        sums.add(packSequences(
            {examples.begin() + std::ptrdiff_t(first), examples.begin() + std::ptrdiff_t(last)}));
        done = std::int64_t(last);
        if (progress) progress(done);
    }
    if (done == 0 && !stop.stop_requested()) throw Error("Gram matrices need an example", "statistics");
    return sums.take(done);
}

}  // namespace retort
