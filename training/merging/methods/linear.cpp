#include "training/merging/methods/linear.h"

#include "training/merging/methods/chunks.h"
#include "training/merging/methods/described_method.h"
#include "training/merging/methods/inputs.h"

namespace retort {

namespace {

/// Σ w·θ [/ Σ w]. The base, where a recipe has it among the models, is a model like the others.
class Linear final : public DescribedMethod {
  public:
    Linear()
        : DescribedMethod({"linear",
                           "weighted average of the models (model soups, arXiv:2203.05482)",
                           {modelNumber("weight", std::nullopt, "share of the model"),
                            mergeFlag("normalize", true, "divide by the sum of the weights")},
                           {.minModels = 0, .isElementwise = true}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        if (tensor.models.empty()) refuseMerge(tensor, "there are no models to average");
        std::vector<float> weights;
        float total = 0;
        for (const ModelTensor& model : tensor.models) {
            weights.push_back(float(requiredNumber(tensor, model.parameters, "weight")));
            total += weights.back();
        }
        const bool normalize = tensor.parameters.flag("normalize", true);
        if (normalize && total == 0)
            refuseMerge(tensor, "the weights sum to zero, so they cannot be normalized",
                        "change a weight, or set normalize: false");
        forChunks(out.size(), [&](std::size_t first, std::size_t count) {
            float* sum = out.data() + first;
            const float* model = tensor.models.front().values.data() + first;
            for (std::size_t i = 0; i < count; ++i) sum[i] = model[i] * weights[0];
            for (std::size_t m = 1; m < weights.size(); ++m)
                addScaled(sum, tensor.models[m].values.data() + first, weights[m], count);
            if (normalize && total != 1)
                for (std::size_t i = 0; i < count; ++i) sum[i] /= total;
        });
    }
};

/// One model, copied: what takes layers from several models in turn (frankenmerges) is made of.
class Passthrough final : public DescribedMethod {
  public:
    Passthrough()
        : DescribedMethod({"passthrough",
                           "copies the one model of a slice, to stack layers of several models",
                           {modelNumber("scale", 1, "factor of the tensor")},
                           {.minModels = 0, .isElementwise = true}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        if (tensor.models.size() != 1)
            refuseMerge(tensor, "passthrough takes one model, not " + std::to_string(tensor.models.size()),
                        "give each slice one source");
        const ModelTensor& model = tensor.models.front();
        const auto factor = float(numberOf(tensor, model.parameters, "scale", 1));
        std::copy(model.values.begin(), model.values.end(), out.begin());
        if (factor != 1) scale(out.data(), factor, out.size());
    }
};

/// Towards the other model by at most t in each element: w = clamp(t / |a − b|, 0, 1), w·b + (1 − w)·a.
class Nearswap final : public DescribedMethod {
  public:
    Nearswap()
        : DescribedMethod(
              {"nearswap",
               "takes the other model's value where it is close to the base's",
               {mergeNumber("t", std::nullopt, "distance below which the other model's value is taken")},
               {.needsBase = true, .maxModels = 1, .isElementwise = true}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        const float* a = baseValues(tensor).data();
        const float* b = otherModels(tensor, 1).front()->values.data();
        const auto t = float(requiredNumber(tensor, tensor.parameters, "t"));
        for (std::size_t i = 0; i < out.size(); ++i) {
            const float distance = std::fabs(a[i] - b[i]);
            float weight = t / (distance < 1e-6f ? 1e-6f : distance);
            weight = weight < 0 ? 0 : weight > 1 ? 1 : weight;
            out[i] = weight * b[i] + (1 - weight) * a[i];
        }
    }
};

/// Entries that one model alone changed are added whole (RAM+: scaled by how much the model shares with
/// others), those that several changed are averaged over them.
class ReinforcedAgent final : public DescribedMethod {
  public:
    explicit ReinforcedAgent(bool plus) : DescribedMethod(facts(plus)), m_plus(plus) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        const std::span<const float> base = baseValues(tensor);
        const auto models = otherModels(tensor);
        const auto epsilon = float(numberOf(tensor, tensor.parameters, "epsilon", 1e-5, {0}));
        std::vector<float> unique(models.size(), 1.0f);
        if (m_plus) unique = uniqueFactors(tensor, models, base, epsilon);
        for (std::size_t i = 0; i < out.size(); ++i) {
            float alone = 0, sum = 0;
            int count = 0;
            for (std::size_t m = 0; m < models.size(); ++m) {
                const float delta = models[m]->values[i] - base[i];
                const float changed = std::fabs(delta) > epsilon ? 1.0f : 0.0f;
                count += int(changed);
                sum += delta * changed;
                alone += delta * changed * unique[m];
            }
            out[i] = base[i] + (count == 1 ? alone : sum / float(count < 1 ? 1 : count));
        }
    }

  private:
    static MethodFacts facts(bool plus) {
        std::vector<MergeParameterInfo> parameters = {
            mergeNumber("epsilon", 1e-5, "an entry counts as changed when it moved by more than this")};
        if (!plus)
            return {"ram",
                    "adds what one model alone changed, averages what several did (arXiv:2601.13572)",
                    parameters,
                    {.needsBase = true, .isElementwise = true}};
        parameters.push_back(mergeNumber("r", 0.1, "how strongly unshared entries are scaled up"));
        parameters.push_back(mergeNumber("alpha", 0.2, "limit of shared over unique entries in that"));
        return {"ramplus_tl",
                "as ram, with unshared entries scaled up, per tensor (arXiv:2601.13572)",
                parameters,
                {.needsBase = true}};
    }

    /// λ = 1 + r·clamp(shared / unique, 0, α) of each model.
    std::vector<float> uniqueFactors(const TensorMerge& tensor, const std::vector<const ModelTensor*>& models,
                                     std::span<const float> base, float epsilon) const {
        const auto r = float(numberOf(tensor, tensor.parameters, "r", 0.1));
        const auto alpha = float(numberOf(tensor, tensor.parameters, "alpha", 0.2, {0}));
        std::vector<std::size_t> shared(models.size()), alone(models.size());
        for (std::size_t i = 0; i < base.size(); ++i) {
            std::size_t count = 0, last = 0;
            for (std::size_t m = 0; m < models.size(); ++m)
                if (std::fabs(models[m]->values[i] - base[i]) > epsilon) {
                    ++count;
                    last = m;
                }
            if (count == 1) ++alone[last];
            if (count < 2) continue;
            for (std::size_t m = 0; m < models.size(); ++m)
                shared[m] += std::fabs(models[m]->values[i] - base[i]) > epsilon;
        }
        std::vector<float> factors;
        for (std::size_t m = 0; m < models.size(); ++m) {
            const float ratio = float(shared[m]) / std::max(float(alone[m]), epsilon);
            factors.push_back(1 + r * (shared[m] == 0 ? 0 : std::min(ratio, alpha)));
        }
        return factors;
    }

    bool m_plus;
};

}  // namespace

std::unique_ptr<MergeMethod> linearMethod() {
    return std::make_unique<Linear>();
}
std::unique_ptr<MergeMethod> passthroughMethod() {
    return std::make_unique<Passthrough>();
}
std::unique_ptr<MergeMethod> nearswapMethod() {
    return std::make_unique<Nearswap>();
}
std::vector<std::unique_ptr<MergeMethod>> reinforcedAgentMethods() {
    std::vector<std::unique_ptr<MergeMethod>> methods;
    methods.push_back(std::make_unique<ReinforcedAgent>(false));
    methods.push_back(std::make_unique<ReinforcedAgent>(true));
    return methods;
}

}  // namespace retort
