#include "training/merging/methods/described_method.h"
#include "training/merging/methods/inputs.h"
#include "training/merging/methods/statistics.h"

namespace retort {

namespace {

/// Σ w·(F + ε)·θ / Σ w·(F + ε), F the diagonal of each model's Fisher information; models without it count as
/// F = 0.
class Fisher final : public DescribedMethod {
  public:
    Fisher()
        : DescribedMethod({"fisher",
                           "average weighted by each model's diagonal Fisher information (arXiv:2111.09832)",
                           {modelNumber("weight", 1, "share of the model"),
                            mergeNumber("epsilon", 1e-6,
                                        "added to the information: where none has any, the plain "
                                        "average is left")}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        const auto models = otherModels(tensor);
        if (models.empty()) refuseMerge(tensor, "there are no models to average");
        const double epsilon = numberOf(tensor, tensor.parameters, "epsilon", 1e-6, {0});
        std::vector<double> weights;
        for (const ModelTensor* model : models) {
            weights.push_back(numberOf(tensor, model->parameters, "weight", 1, {0}));
            if (!model->statistics.empty() && model->statistics.size() != out.size())
                refuseMerge(tensor, "the Fisher information has " + std::to_string(model->statistics.size()) +
                                        " numbers for " + std::to_string(out.size()) + " elements");
        }
        double total = 0;
        for (const double weight : weights) total += weight;
        if (total == 0) refuseMerge(tensor, "the weights sum to zero", "change a weight");
        for (std::size_t i = 0; i < out.size(); ++i) {
            double sum = 0, divisor = 0, plain = 0;
            for (std::size_t m = 0; m < models.size(); ++m) {
                const double information =
                    models[m]->statistics.empty() ? 0 : double(models[m]->statistics[i]);
                if (information < 0) refuseMerge(tensor, "the Fisher information has a negative number");
                const double factor = weights[m] * (information + epsilon);
                sum += factor * double(models[m]->values[i]);
                divisor += factor;
                plain += weights[m] * double(models[m]->values[i]);
            }
            out[i] = float(divisor == 0 ? plain / total : sum / divisor);
        }
    }
};

}  // namespace

std::unique_ptr<MergeMethod> fisherMethod() {
    return std::make_unique<Fisher>();
}

}  // namespace retort
