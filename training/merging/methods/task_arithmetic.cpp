#include "training/merging/methods/task_arithmetic.h"

#include "training/merging/methods/described_method.h"
#include "training/merging/methods/inputs.h"
#include "training/merging/methods/sign_election.h"
#include "training/merging/methods/sparse_delta.h"

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

class TaskArithmetic final : public DescribedMethod {
  public:
    explicit TaskArithmetic(const Variant& variant)
        : DescribedMethod({variant.name,
                           variant.help,
                           parametersOf(variant),
                           {.needsBase = true, .isElementwise = variant.sparsifier == Sparsifier::None}}),
          m_variant(variant) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        const std::span<const float> base = baseValues(tensor);
        const auto models = otherModels(tensor);
        if (models.empty()) {
            std::copy(base.begin(), base.end(), out.begin());
            return;
        }
        Sum sum{tensor, m_variant, {}, {}, 0, 1, false};
        for (const ModelTensor* model : models)
            sum.weights.push_back(float(requiredNumber(tensor, model->parameters, "weight")));
        for (const float weight : sum.weights) sum.total += weight;
        sum.lambda = float(numberOf(tensor, tensor.parameters, "lambda", 1));
        sum.normalize = tensor.parameters.flag("normalize", m_variant.normalize);
        const auto rescale =
            Rescale(numberOf(tensor, tensor.parameters, "rescale", m_variant.rescale ? 1 : 0, {0, 2}));
        sum.deltas = sparseDeltas(tensor, models, m_variant.sparsifier, rescale);

        std::vector<float> scratch((sum.deltas.size() + 3) * mergeChunk);
        forChunks(out.size(), [&](std::size_t first, std::size_t count) {
            m_variant.electsSigns ? sum.elected(first, count, scratch, out.data() + first)
                                  : sum.plain(first, count, scratch, out.data() + first);
        });
    }

  private:
    struct Sum {
        const TensorMerge& tensor;
        const Variant& variant;
        std::vector<SparseDelta> deltas;
        std::vector<float> weights;
        float total, lambda;
        bool normalize;

        /// base + λ·Σ w·δ [/ Σ w]
        void plain(std::size_t first, std::size_t count, std::vector<float>& scratch, float* out) const {
            float* mixed = scratch.data();
            float* delta = mixed + mergeChunk;
            std::fill_n(mixed, count, 0.0f);
            for (std::size_t i = 0; i < deltas.size(); ++i) {
                deltas[i].read(first, count, delta);
                addScaled(mixed, delta, weights[i], count);
            }
            // mergekit's rule: weights that cancel are not divided by.
            if (normalize && std::fabs(total) >= 1e-8f)
                for (std::size_t i = 0; i < count; ++i) mixed[i] /= total;
            finish(first, count, mixed, out);
        }

        /// base + λ·Σ over the elected sign [/ Σ of those weights, 1 where that is 0]
        void elected(std::size_t first, std::size_t count, std::vector<float>& scratch, float* out) const {
            float* mixed = scratch.data();
            float* sign = mixed + mergeChunk;
            float* divisor = sign + mergeChunk;
            float* weighted = divisor + mergeChunk;
            std::fill_n(mixed, count, 0.0f);
            for (std::size_t i = 0; i < deltas.size(); ++i) {
                float* delta = weighted + i * mergeChunk;
                deltas[i].read(first, count, delta);
                if (weights[i] != 1) scale(delta, weights[i], count);
                add(mixed, delta, count);
            }
            electSigns(mixed, count, sign);
            std::fill_n(mixed, count, 0.0f);
            std::fill_n(divisor, count, 0.0f);
            for (std::size_t i = 0; i < deltas.size(); ++i)
                addElected(weighted + i * mergeChunk, sign, weights[i], count, mixed, divisor);
            if (normalize)
                for (std::size_t i = 0; i < count; ++i) mixed[i] /= divisor[i] == 0 ? 1.0f : divisor[i];
            finish(first, count, mixed, out);
        }

        void finish(std::size_t first, std::size_t count, float* mixed, float* out) const {
            if (lambda != 1) scale(mixed, lambda, count);
            const float* base = tensor.base.data() + first;
            for (std::size_t i = 0; i < count; ++i) out[i] = base[i] + mixed[i];
        }
    };

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
