#include "training/merging/methods/vectors.h"

#include "core/util/random.h"
#include "training/merging/methods/combination.h"
#include "training/merging/methods/described_method.h"
#include "training/merging/methods/inputs.h"

namespace retort {

namespace {

/// θ0 + r, r normally distributed with the norm that λ·Σ w·τ has in this tensor: what task_arithmetic of the
/// same recipe would add, with its direction taken away.
class RandomVector final : public DescribedMethod {
  public:
    RandomVector()
        : DescribedMethod(
              {"random_vector",
               "control of task_arithmetic: adds a random vector of the same norm in every tensor",
               {modelNumber("weight", std::nullopt, "as with task_arithmetic"),
                mergeNumber("lambda", 1, "factor of the vector")},
               {.needsBase = true}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        const std::span<const float> base = baseValues(tensor);
        std::vector<Delta> deltas;
        std::vector<double> weights;
        std::uint64_t stream = 0;
        for (const ModelTensor* model : otherModels(tensor)) {
            deltas.push_back({model->values.data(), base.data(), out.size()});
            weights.push_back(requiredNumber(tensor, model->parameters, "weight"));
            stream ^= model->key;
        }
        const double lambda = numberOf(tensor, tensor.parameters, "lambda", 1);
        const double norm = std::fabs(lambda) * gramMatrix(deltas, 0, out.size()).norm(weights);
        const std::uint64_t key = stableHash(tensor.name, tensor.seed);
        // Drawn twice: once for its length, once to be added.
        double squares = 0;
        Random first(key, stream);
        for (std::size_t i = 0; i < out.size(); ++i) {
            const double x = first.normal();
            squares += x * x;
        }
        const double factor = squares > 0 ? norm / std::sqrt(squares) : 0;
        Random second(key, stream);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = base[i] + float(factor * second.normal());
    }
};

/// θ0 + w·(τ' − proj τ'), τ' what training on corrupted data changed (first model), its projection onto what
/// training on clean data changed (second model) taken away; with `project: false` θ0 + w·(τ' − τ_clean). A
/// third model is what both were trained from; without it θ' and θ_clean stand for τ' and τ_clean. Keep it to
/// shallow layers by a filter on weight.
class WeightSignature final : public DescribedMethod {
  public:
    WeightSignature()
        : DescribedMethod(
              {"weight_signature",
               "adds what training on corrupted data changed (first model) against clean data (second model; "
               "third: "
               "what both started from) to the base (arXiv:2302.12480)",
               {modelNumber("weight", 1, "of the first model: factor of the signature; 0 leaves the base"),
                mergeFlag("project", true,
                          "take away the projection on the clean weights, not those themselves")},
               {.needsBase = true, .minModels = 2, .maxModels = 3}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        const std::span<const float> base = baseValues(tensor);
        const auto models = otherModels(tensor);
        if (models.size() < 2)
            refuseMerge(tensor,
                        "a weight signature takes a model trained on corrupted data and one on clean data");
        const double weight = numberOf(tensor, models[0]->parameters, "weight", 1);
        if (weight == 0) {  // to the bit
            std::copy(base.begin(), base.end(), out.begin());
            return;
        }
        const float* const start = models.size() > 2 ? models[2]->values.data() : nullptr;
        const Delta corrupted{models[0]->values.data(), start, out.size()};
        const Delta clean{models[1]->values.data(), start, out.size()};
        double share = 1;
        if (tensor.parameters.flag("project", true)) {
            const GramMatrix gram = gramMatrix({corrupted, clean}, 0, out.size());
            share = gram.at(1, 1) > 0 ? gram.at(0, 1) / gram.at(1, 1) : 0;
        }
        for (std::size_t i = 0; i < out.size(); ++i) {
            const double from = start ? double(start[i]) : 0;
            out[i] = float(double(base[i]) + weight * (double(corrupted.values[i]) - from -
                                                       share * (double(clean.values[i]) - from)));
        }
    }
};

}  // namespace

std::vector<std::unique_ptr<MergeMethod>> vectorMethods() {
    std::vector<std::unique_ptr<MergeMethod>> methods;
    methods.push_back(std::make_unique<RandomVector>());
    methods.push_back(std::make_unique<WeightSignature>());
    return methods;
}

}  // namespace retort
