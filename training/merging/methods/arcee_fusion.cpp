#include <algorithm>
#include <cmath>

#include "training/merging/methods/described_method.h"
#include "training/merging/methods/inputs.h"
#include "training/merging/methods/model_stock.h"

namespace retort {

namespace {

/// The other model's value where it is important: |θ1 − θ0| · KL(softmax(θ1 row) ‖ softmax(θ0 row)) at or
/// above median + 1.5 · (third − first quartile) of the tensor. mergekit takes the quartiles of tensors above
/// a million elements from a random sample; here they are always exact.
class ArceeFusion final : public DescribedMethod {
  public:
    ArceeFusion()
        : DescribedMethod({"arcee_fusion",
                           "takes the other model's value where the change is unusually important",
                           {},
                           {.needsBase = true, .maxModels = 1}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        const std::span<const float> base = baseValues(tensor);
        const std::span<const float> other = otherModels(tensor, 1).front()->values;
        if (out.empty()) return;
        const RowShape shape = rowShape(tensor, out.size());
        for (std::size_t row = 0; row < shape.rows; ++row)
            importances(other.subspan(row * shape.columns, shape.columns),
                        base.subspan(row * shape.columns, shape.columns), out.data() + row * shape.columns);
        const float limit = threshold(std::vector<float>(out.begin(), out.end()));
        for (std::size_t i = 0; i < out.size(); ++i) {
            const float taken = out[i] >= limit ? 1.0f : 0.0f;
            out[i] = base[i] + (other[i] - base[i]) * taken;
        }
    }

  private:
    struct Softmax {
        explicit Softmax(std::span<const float> row) : largest(*std::max_element(row.begin(), row.end())) {
            for (const float x : row) sum += std::exp(double(x) - largest);
        }
        double at(float x) const { return std::exp(double(x) - largest) / sum + 1e-8; }
        double largest, sum = 0;
    };

    static void importances(std::span<const float> other, std::span<const float> base, float* out) {
        const Softmax p(other), q(base);
        double divergence = 0;
        for (std::size_t i = 0; i < other.size(); ++i) {
            const double pi = p.at(other[i]), qi = q.at(base[i]);
            divergence += pi * std::log(pi / qi);
        }
        for (std::size_t i = 0; i < other.size(); ++i)
            out[i] = std::fabs(other[i] - base[i]) * float(divergence);
    }

    static float threshold(std::vector<float> values) {
        // NaN has no place in an order; behind everything, as torch.sort has it.
        const auto below = [](float a, float b) { return std::isnan(b) ? !std::isnan(a) : a < b; };
        const auto quantile = [&](double share) {
            const auto at = values.begin() + std::ptrdiff_t(share * double(values.size() - 1));
            std::nth_element(values.begin(), at, values.end(), below);
            return *at;
        };
        const float first = quantile(0.25), median = quantile(0.5), third = quantile(0.75);
        return median + 1.5f * (third - first);
    }
};

}  // namespace

std::unique_ptr<MergeMethod> arceeFusionMethod() {
    return std::make_unique<ArceeFusion>();
}

}  // namespace retort
