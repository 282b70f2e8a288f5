#include "training/merging/methods/model_stock.h"

#include "training/merging/methods/combination.h"
#include "training/merging/methods/described_method.h"
#include "training/merging/methods/inputs.h"

namespace retort {

namespace {

/// t·mean(θᵢ) + (1 − t)·θ0 with t = N·cos/(1 + (N − 1)·cos), cos the mean cosine between task vectors.
class ModelStock final : public DescribedMethod {
  public:
    ModelStock()
        : DescribedMethod(
              {"model_stock",
               "average of the models, pulled to the base as far as they disagree (arXiv:2403.19522)",
               {mergeFlag("filter_wise", false, "one ratio a row instead of one a tensor")},
               {.needsBase = true, .minModels = 2}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        const std::span<const float> base = baseValues(tensor);
        const auto models = otherModels(tensor);
        if (models.size() < 2) refuseMerge(tensor, "model_stock needs two models besides the base");
        std::vector<Delta> deltas;
        for (const ModelTensor* model : models)
            deltas.push_back({model->values.data(), base.data(), out.size()});
        const RowShape shape = tensor.parameters.flag("filter_wise", false) ? rowShape(tensor, out.size())
                                                                            : RowShape{1, out.size()};
        for (std::size_t row = 0; row < shape.rows; ++row) {
            const std::size_t begin = row * shape.columns, end = begin + shape.columns;
            const auto ratio = float(ratioOf(gramMatrix(deltas, begin, end)));
            mix(models, base, ratio, begin, end, out);
        }
    }

  private:
    static double ratioOf(const GramMatrix& gram) {
        double sum = 0;
        std::size_t pairs = 0;
        for (std::size_t i = 0; i < gram.size(); ++i)
            for (std::size_t j = i + 1; j < gram.size(); ++j, ++pairs)
                sum += std::clamp(gram.at(i, j) / std::max(gram.norm(i) * gram.norm(j), 1e-6), -1.0, 1.0);
        const double cosine = sum / double(pairs), count = double(gram.size());
        const double denominator = 1 + (count - 1) * cosine;
        // Vectors that cancel: no finite ratio; the base stays.
        return std::fabs(denominator) < 1e-6 ? 0 : count * cosine / denominator;
    }

    static void mix(const std::vector<const ModelTensor*>& models, std::span<const float> base, float ratio,
                    std::size_t begin, std::size_t end, std::span<float> out) {
        const auto count = float(models.size());
        forChunks(end - begin, [&](std::size_t first, std::size_t size) {
            float* result = out.data() + begin + first;
            std::fill_n(result, size, 0.0f);
            for (const ModelTensor* model : models) add(result, model->values.data() + begin + first, size);
            const float* b = base.data() + begin + first;
            for (std::size_t i = 0; i < size; ++i)
                result[i] = ratio * (result[i] / count) + (1 - ratio) * b[i];
        });
    }
};

}  // namespace

std::unique_ptr<MergeMethod> modelStockMethod() {
    return std::make_unique<ModelStock>();
}

}  // namespace retort
