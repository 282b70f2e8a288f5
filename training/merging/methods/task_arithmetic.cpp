#include "training/merging/methods/task_arithmetic.h"

#include "training/merging/methods/described_method.h"
#include "training/merging/methods/inputs.h"
#include "training/merging/methods/sign_election.h"
#include "training/merging/methods/sparse_delta.h"
#include "training/merging/prepared_merge.h"

namespace retort {

namespace {

struct Variant {
    std::string_view name, help;
    Sparsifier sparsifier;
    bool electsSigns, normalize, rescale;
};

std::vector<MergeParameterInfo> parametersOf(const Variant& variant) {
    std::vector<MergeParameterInfo> all = {
        modelNumber("weight", std::nullopt,
                    "factor of the model's task vector; negative: its effect is removed"),
        modelNumber("density", 1, "share of the task vector's entries that is kept"),
        mergeNumber("lambda", 1, "factor of the merged task vector"),
        mergeFlag("normalize", variant.normalize, "divide by the sum of the weights"),
        mergeFlag("int8_mask", false, "how mergekit stores masks; changes nothing here"),
        mergeNumber(
            "rescale", variant.rescale ? 1 : 0,
            "scale what is kept: none (false), l1 (true: to the L1 norm before), inverse_p (by 1/p)")};
    if (variant.sparsifier == Sparsifier::MagnitudeOutliers)
        all.push_back(modelNumber("gamma", 0.01, "share of the largest entries that is removed"));
    if (variant.sparsifier == Sparsifier::RankedRandom)
        all.push_back(
            modelNumber("epsilon", 0.15, "probabilities go from density - epsilon to density + epsilon"));
    return all;
}

/// base + λ·Σ w·δ, plainly or over the elected sign.
class TaskVectorSum final : public PreparedMerge {
  public:
    TaskVectorSum(const TensorMerge& tensor, const Variant& variant)
        : m_base(baseValues(tensor)), m_electsSigns(variant.electsSigns) {
        const auto models = otherModels(tensor);
        for (const ModelTensor* model : models)
            m_weights.push_back(float(requiredNumber(tensor, model->parameters, "weight")));
        for (const float weight : m_weights) m_total += weight;
        m_lambda = float(numberOf(tensor, tensor.parameters, "lambda", 1));
        m_normalize = tensor.parameters.flag("normalize", variant.normalize);
        const auto rescale =
            Rescale(numberOf(tensor, tensor.parameters, "rescale", variant.rescale ? 1 : 0, {0, 2}));
        m_deltas = sparseDeltas(tensor, models, variant.sparsifier, rescale);
    }

    void merge(std::size_t first, std::span<float> out) const override {
        if (m_deltas.empty()) {
            std::copy_n(m_base.begin() + std::ptrdiff_t(first), out.size(), out.begin());
            return;
        }
        std::vector<float> scratch((m_deltas.size() + 2) * mergeChunk);
        forChunks(out.size(), [&](std::size_t done, std::size_t count) {
            float* const mixed = out.data() + done;
            m_electsSigns ? elected(first + done, count, scratch.data(), mixed)
                          : plain(first + done, count, scratch.data(), mixed);
            if (m_lambda != 1) scale(mixed, m_lambda, count);
            add(mixed, m_base.data() + first + done, count);
        });
    }

  private:
    /// Σ w·δ [/ Σ w]
    void plain(std::size_t first, std::size_t count, float* delta, float* mixed) const {
        std::fill_n(mixed, count, 0.0f);
        for (std::size_t i = 0; i < m_deltas.size(); ++i) {
            m_deltas[i].read(first, count, delta);
            addScaled(mixed, delta, m_weights[i], count);
        }
        // mergekit's rule: weights that cancel are not divided by.
        if (m_normalize && std::fabs(m_total) >= 1e-8f)
            for (std::size_t i = 0; i < count; ++i) mixed[i] /= m_total;
    }

    /// Σ over the elected sign [/ Σ of those weights, 1 where that is 0]
    void elected(std::size_t first, std::size_t count, float* scratch, float* mixed) const {
        float* const sign = scratch;
        float* const divisor = sign + mergeChunk;
        float* const weighted = divisor + mergeChunk;
        std::fill_n(mixed, count, 0.0f);
        for (std::size_t i = 0; i < m_deltas.size(); ++i) {
            float* const delta = weighted + i * mergeChunk;
            m_deltas[i].read(first, count, delta);
            addWeighted(delta, m_weights[i], count, mixed);
        }
        electSigns(mixed, count, sign);
        std::fill_n(mixed, count, 0.0f);
        std::fill_n(divisor, count, 0.0f);
        for (std::size_t i = 0; i < m_deltas.size(); ++i)
            addElected(weighted + i * mergeChunk, sign, m_weights[i], count, mixed, divisor);
        if (m_normalize) divideElected(divisor, count, mixed);
    }

    std::span<const float> m_base;
    bool m_electsSigns, m_normalize = false;
    std::vector<SparseDelta> m_deltas;
    std::vector<float> m_weights;
    float m_total = 0, m_lambda = 1;
};

class TaskArithmetic final : public DescribedMethod, public PreparesMerge {
  public:
    explicit TaskArithmetic(const Variant& variant)
        : DescribedMethod({variant.name,
                           variant.help,
                           parametersOf(variant),
                           {.needsBase = true, .isElementwise = variant.sparsifier == Sparsifier::None}}),
          m_variant(variant) {}

    std::unique_ptr<PreparedMerge> prepare(const TensorMerge& tensor) const override {
        checkSizes(tensor, baseValues(tensor));
        return std::make_unique<TaskVectorSum>(tensor, m_variant);
    }

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        TaskVectorSum(tensor, m_variant).merge(0, out);
    }

  private:
    Variant m_variant;
};

}  // namespace

std::vector<std::unique_ptr<MergeMethod>> taskArithmeticMethods() {
    using enum Sparsifier;
    const Variant variants[] = {
        {"task_arithmetic", "adds weighted task vectors to the base (arXiv:2212.04089)", None, false, false,
         false},
        {"ties", "trims each task vector, elects signs, averages what agrees (arXiv:2306.01708)", Magnitude,
         true, true, false},
        {"dare_linear", "drops entries at random and rescales, then adds (arXiv:2311.03099)", Random, false,
         false, true},
        {"dare_ties", "drops entries at random and rescales, then elects signs (arXiv:2311.03099)", Random,
         true, false, true},
        {"breadcrumbs", "drops the smallest and the largest entries, then adds (arXiv:2312.06795)",
         MagnitudeOutliers, false, false, false},
        {"breadcrumbs_ties", "drops the smallest and the largest entries, then elects signs",
         MagnitudeOutliers, true, false, false},
        {"della", "drops entries at random, small ones more often, then elects signs (arXiv:2406.11617)",
         RankedRandom, true, true, true},
        {"della_linear", "drops entries at random, small ones more often, then adds", RankedRandom, false,
         false, true}};
    std::vector<std::unique_ptr<MergeMethod>> methods;
    for (const Variant& variant : variants) methods.push_back(std::make_unique<TaskArithmetic>(variant));
    return methods;
}

}  // namespace retort
