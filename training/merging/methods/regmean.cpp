#include <algorithm>
#include <functional>

#include "training/merging/methods/described_method.h"
#include "training/merging/methods/inputs.h"
#include "training/merging/methods/linear_algebra.h"
#include "training/merging/methods/statistics.h"

namespace retort {

namespace {

/// The weights whose outputs are closest to all models' outputs on their own inputs: (Σ w·W·G̃)(Σ w·G̃)⁻¹ for W
/// [out, in] with G = XᵀX and G̃ its off-diagonal scaled by α. Tensors without Gram matrices are averaged.
/// 0.9 is what others took from the authors' demonstration (github.com/bloomberg/dataless-model-merging); the
/// configurations of their experiments have 0.1 (emotion, NER) or no factor (GLUE), fusion_bench's 0.1 or
/// 0.6: it is to be chosen for the models at hand. G is a mean over tokens there, as in merge_statistics.h
/// here.
class RegMean final : public DescribedMethod {
  public:
    RegMean()
        : DescribedMethod({"regmean",
                           "least squares between the merged layer's outputs and each model's, from Gram "
                           "matrices of their "
                           "inputs (arXiv:2212.09849)",
                           {modelNumber("weight", 1, "share of the model"),
                            mergeNumber("alpha", 0.9, "factor of the Gram matrices' off-diagonal"),
                            mergeNumber("ridge", 0, "added to their diagonal, in units of its mean")}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        const auto models = otherModels(tensor);
        if (models.empty()) refuseMerge(tensor, "there are no models to average");
        std::vector<double> weights;
        double total = 0;
        std::size_t withGram = 0;
        for (const ModelTensor* model : models) {
            weights.push_back(numberOf(tensor, model->parameters, "weight", 1, {0}));
            total += weights.back();
            withGram += !model->statistics.empty();
        }
        if (total == 0) refuseMerge(tensor, "the weights sum to zero", "change a weight");
        if (withGram == 0) {
            average(models, weights, total, out);
            return;
        }
        if (withGram < models.size() || tensor.shape.size() != 2)
            refuseMerge(tensor, "Gram matrices must be there for all models of a matrix, or for none");
        solve(tensor, models, weights, out);
    }

  private:
    static void average(const std::vector<const ModelTensor*>& models, const std::vector<double>& weights,
                        double total, std::span<float> out) {
        for (std::size_t i = 0; i < out.size(); ++i) {
            double sum = 0;
            for (std::size_t m = 0; m < models.size(); ++m) sum += weights[m] * double(models[m]->values[i]);
            out[i] = float(sum / total);
        }
    }

    static void solve(const TensorMerge& tensor, const std::vector<const ModelTensor*>& models,
                      const std::vector<double>& weights, std::span<float> out) {
        const double alpha = numberOf(tensor, tensor.parameters, "alpha", 0.9, {0, 1});
        const double ridge = numberOf(tensor, tensor.parameters, "ridge", 0, {0});
        const auto rows = std::size_t(tensor.shape[0]), inputs = std::size_t(tensor.shape[1]);
        std::vector<double> grams(inputs * inputs), right(rows * inputs);
        for (std::size_t m = 0; m < models.size(); ++m) {
            const std::span<const float> given = models[m]->statistics;
            if (given.size() != inputs * inputs)
                refuseMerge(tensor, "a Gram matrix has " + std::to_string(given.size()) + " numbers for " +
                                        std::to_string(inputs) + " inputs");
            std::vector<double> gram(given.begin(), given.end());
            for (std::size_t i = 0; i < gram.size(); ++i)
                gram[i] *= weights[m] * (i % (inputs + 1) == 0 ? 1.0 : alpha);
            const std::vector<double> values(models[m]->values.begin(), models[m]->values.end());
            const std::vector<double> product = multiply(values, gram, rows, inputs, inputs);
            std::transform(right.begin(), right.end(), product.begin(), right.begin(), std::plus<>());
            std::transform(grams.begin(), grams.end(), gram.begin(), grams.begin(), std::plus<>());
        }
        double diagonal = 0;
        for (std::size_t i = 0; i < inputs; ++i) diagonal += grams[i * (inputs + 1)] / double(inputs);
        for (std::size_t i = 0; i < inputs; ++i) grams[i * (inputs + 1)] += ridge * diagonal;
        const std::vector<double> solution = solveRight(grams, inputs, right, rows);
        if (solution.empty())
            refuseMerge(tensor, "the Gram matrices' sum is singular",
                        "use more data for them, alpha below 1, or a small ridge such as 1e-6");
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = float(solution[i]);
    }
};

}  // namespace

std::unique_ptr<MergeMethod> regmeanMethod() {
    return std::make_unique<RegMean>();
}

}  // namespace retort
