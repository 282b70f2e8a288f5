#include "training/model/lora.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>
#include <cmath>

#include "core/util/error.h"
#include "core/util/random.h"

namespace retort {

using torch::Tensor;

namespace {

constexpr const char* allLinear = "all-linear";

bool endsWith(const std::string& text, const std::string& end) {
    return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

/// PEFT's rule for a list: the whole name, or its last parts.
bool names(const std::string& target, const std::string& module) {
    return module == target || endsWith(module, "." + target);
}

std::string list(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

}  // namespace

LoraAdapter::LoraAdapter(const WeightLayout& layout, const LoraSettings& settings, std::uint64_t seed)
    : m_settings(settings), m_seed(seed) {
    if (settings.r < 1) throw Error("the rank must be at least 1", "lora.r");
    if (!(settings.dropout >= 0 && settings.dropout < 1))
        throw Error("expected 0 <= dropout < 1", "lora.dropout");
    addTargets(layout);
    initialise(seed);
}

void LoraAdapter::addTargets(const WeightLayout& layout) {
    std::vector<std::string> wanted = m_settings.target_modules, leaves;
    const bool all = wanted.empty() || wanted == std::vector<std::string>{allLinear};
    std::vector<bool> used(wanted.size(), false);
    for (const WeightSlice& slice : layout.slices) {
        if (slice.shape.size() != 2) continue;
        const std::string module = slice.name.substr(0, slice.name.rfind('.'));
        const bool inLayer =
            slice.offset >= layout.layers.front().begin && slice.offset < layout.layers.back().end;
        bool chosen = all && inLayer;
        for (std::size_t i = 0; !all && i < wanted.size(); ++i)
            if (names(wanted[i], module)) chosen = used[i] = true;
        const std::string leaf = module.substr(module.rfind('.') + 1);
        if (inLayer && std::find(leaves.begin(), leaves.end(), leaf) == leaves.end()) leaves.push_back(leaf);
        if (!chosen) continue;
        if (!inLayer && slice.offset != layout.head)
            throw Error("adapters of embeddings are not supported", "lora.target_modules", list(leaves));
        if (slice.offset == layout.embedding)
            throw Error(
                "the output layer shares the embedding's weights: it cannot have an adapter of its own",
                "lora.target_modules", list(leaves));
        const std::string prefix = "base_model.model." + module + ".lora_";
        Target target{module, slice.offset, slice.shape[0], slice.shape[1], 0, 0};
        target.a = addSlice(prefix + "A.weight", m_settings.r, target.columns);
        target.b = addSlice(prefix + "B.weight", target.rows, m_settings.r);
        m_targets.push_back(std::move(target));
    }
    for (std::size_t i = 0; !all && i < wanted.size(); ++i)
        if (!used[i])
            throw Error("the model has no module '" + wanted[i] + "'", "lora.target_modules",
                        "it has " + list(leaves) + "; " + allLinear + " means all of them");
    // PEFT expects names of modules here, not the word for all of them.
    if (all) m_settings.target_modules = leaves;
}

std::int64_t LoraAdapter::addSlice(const std::string& name, std::int64_t rows, std::int64_t columns) {
    WeightSlice slice;
    slice.name = name;
    slice.shape = {rows, columns};
    slice.offset = m_slices.empty() ? 0 : (m_slices.back().offset + m_slices.back().size + 15) / 16 * 16;
    slice.size = rows * columns;
    m_slices.push_back(slice);
    return slice.offset;
}

void LoraAdapter::initialise(std::uint64_t seed) {
    const std::int64_t size = (m_slices.back().offset + m_slices.back().size + 15) / 16 * 16;
    m_flat = torch::zeros({size}, torch::kFloat32);
    float* values = m_flat.data_ptr<float>();
    for (const Target& target : m_targets) {
        // PEFT's kaiming_uniform with a = sqrt(5).
        const double bound = 1 / std::sqrt(double(target.columns));
        Random random(seed, stableHash("lora " + target.module));
        for (std::int64_t i = 0; i < m_settings.r * target.columns; ++i)
            values[target.a + i] = float((2 * random.uniform() - 1) * bound);
    }
    m_flat.set_requires_grad(true);
}

double LoraAdapter::scale() const {
    const double rank = double(m_settings.r);
    return m_settings.alpha / (m_settings.use_rslora ? std::sqrt(rank) : rank);
}

Tensor LoraAdapter::matrixA(const Tensor& flat, const Target& target) const {
    return flat.slice(0, target.a, target.a + m_settings.r * target.columns)
        .view({m_settings.r, target.columns});
}

Tensor LoraAdapter::matrixB(const Tensor& flat, const Target& target) const {
    return flat.slice(0, target.b, target.b + target.rows * m_settings.r).view({target.rows, m_settings.r});
}

void LoraAdapter::mergeInto(const Tensor& weights, const Tensor& base) const {
    const Tensor adapter = m_flat.detach();
    for (const Target& target : m_targets) {
        const auto matrix = [&](const Tensor& flat) {
            return flat.slice(0, target.offset, target.offset + target.rows * target.columns)
                .view({target.rows, target.columns});
        };
        Tensor merged = matrix(weights);
        at::addmm_out(merged, matrix(base), matrixB(adapter, target), matrixA(adapter, target), 1, scale());
    }
}

/// The merged buffer as a function of the adapter: its gradient is that of B·A in each target's place.
struct LoraAdapter::Merge : torch::autograd::Function<LoraAdapter::Merge> {
    static Tensor forward(torch::autograd::AutogradContext* context, const Tensor& flat, const Tensor& merged,
                          std::int64_t adapter) {
        context->save_for_backward({flat});
        context->saved_data["adapter"] = adapter;
        return merged.variable_data();  // the same memory; a new tensor, as an autograd function must give
    }

    static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                   torch::autograd::variable_list gradients) {
        const auto& self = *reinterpret_cast<const LoraAdapter*>(context->saved_data["adapter"].toInt());
        const Tensor flat = context->get_saved_variables()[0], dWeights = gradients[0];
        Tensor result = torch::zeros_like(flat);
        for (const Target& target : self.m_targets) {
            const Tensor d = dWeights.slice(0, target.offset, target.offset + target.rows * target.columns)
                                 .view({target.rows, target.columns});
            Tensor dA = self.matrixA(result, target), dB = self.matrixB(result, target);
            dA.addmm_(self.matrixB(flat, target).t(), d, 0, self.scale());
            dB.addmm_(d, self.matrixA(flat, target).t(), 0, self.scale());
        }
        return {result, Tensor(), Tensor()};
    }
};

Tensor LoraAdapter::merged(const Tensor& base) {
    // Generation calls this in inference mode; what is made here is used in training, too.
    const c10::InferenceMode off(false);
    {
        const torch::NoGradGuard noGradient;
        if (!m_merged.defined()) m_merged = base.detach().clone();
        if (m_mergedVersion != m_flat._version() + 1 || m_mergedBaseVersion != base._version()) {
            if (m_mergedBaseVersion != base._version()) m_merged.copy_(base);
            mergeInto(m_merged, base.detach());
            m_mergedVersion = std::uint32_t(m_flat._version()) + 1;
            m_mergedBaseVersion = std::uint32_t(base._version());
        }
    }
    if (!torch::GradMode::is_enabled()) return m_merged;
    return Merge::apply(m_flat, m_merged, std::int64_t(reinterpret_cast<std::intptr_t>(this)));
}

Tensor LoraAdapter::dropped(const Tensor& x, const Target& target, std::uint64_t pass) const {
    if (!hasDropout()) return x;
    const std::uint64_t seed = stableHash(target.module, philox(m_seed, std::uint64_t(m_update), pass)[0]);
    auto generator = at::make_generator<at::CPUGeneratorImpl>(seed);
    const Tensor kept =
        torch::rand(x.sizes(), generator, torch::kFloat32).ge(m_settings.dropout).to(x.options());
    return x * kept / (1 - m_settings.dropout);
}

Tensor LoraAdapter::addBranch(const Tensor& flat, const Tensor& x, const Tensor& y, std::int64_t offset,
                              std::int64_t rows, std::uint64_t pass) const {
    const std::int64_t columns = x.size(-1);
    std::vector<Tensor> parts;
    std::int64_t filled = 0;
    for (const Target& target : m_targets) {
        if (target.offset < offset || target.offset >= offset + rows * columns) continue;
        const std::int64_t first = (target.offset - offset) / target.columns;
        if (first > filled) parts.push_back(torch::zeros({x.size(0), first - filled}, y.options()));
        const Tensor inner = at::linear(dropped(x, target, pass), matrixA(flat, target).to(x.scalar_type()));
        parts.push_back(at::linear(inner, matrixB(flat, target).to(x.scalar_type())) * scale());
        filled = first + target.rows;
    }
    if (parts.empty()) return y;
    if (filled < rows) parts.push_back(torch::zeros({x.size(0), rows - filled}, y.options()));
    return y + torch::cat(parts, 1);
}

void LoraAdapter::beginUpdate(std::int64_t update) {
    m_update = update;
    m_pass = 0;
}

void LoraAdapter::setDevice(const torch::Device& device) {
    m_flat = m_flat.detach().to(device).set_requires_grad(true);
    m_merged = Tensor();
    m_mergedVersion = m_mergedBaseVersion = 0;
}

}  // namespace retort
