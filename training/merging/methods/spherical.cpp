#include "training/merging/methods/spherical.h"

#include "training/merging/methods/combination.h"
#include "training/merging/methods/described_method.h"
#include "training/merging/methods/inputs.h"

namespace retort {

namespace {

std::vector<Delta> deltasOf(const std::vector<const ModelTensor*>& models, std::span<const float> base) {
    std::vector<Delta> deltas;
    for (const ModelTensor* model : models)
        deltas.push_back({model->values.data(), base.data(), model->values.size()});
    return deltas;
}

/// From the base (t = 0) to the other model (t = 1) along the great circle of the whole tensor.
class Slerp final : public DescribedMethod {
  public:
    Slerp()
        : DescribedMethod({"slerp",
                           "goes from the base to one other model along the sphere",
                           {mergeNumber("t", std::nullopt, "0: the base, 1: the other model")},
                           {.needsBase = true, .maxModels = 1}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        const std::span<const float> base = baseValues(tensor);
        const std::vector<Delta> ends = {
            {base.data(), nullptr, base.size()},
            {otherModels(tensor, 1).front()->values.data(), nullptr, out.size()}};
        const double t = requiredNumber(tensor, tensor.parameters, "t");
        const GramMatrix gram = gramMatrix(ends, 0, out.size());
        const auto lengthOf = [&](std::size_t i) { return gram.norm(i) > 1e-8 ? gram.norm(i) : 1.0; };
        const double cosine = std::clamp(gram.at(0, 1) / lengthOf(0) / lengthOf(1), -1.0, 1.0);
        std::vector<double> factors = {1 - t, t};  // nearly in line: straight
        if (std::fabs(cosine) <= 0.9995) {
            const double angle = std::acos(cosine);
            factors = {std::sin((1 - t) * angle) / std::sin(angle), std::sin(t * angle) / std::sin(angle)};
        }
        combine(ends, factors, 0, out.size(), out);
    }
};

/// slerp with weights instead of t, of task vectors where there is a base, of the whole tensor, each row or
/// each column.
class NuSlerp final : public DescribedMethod {
  public:
    NuSlerp()
        : DescribedMethod({"nuslerp",
                           "goes between two models along the sphere, or between their task vectors",
                           {modelNumber("weight", std::nullopt, "t is the second weight's share"),
                            mergeFlag("nuslerp_flatten", true, "one vector a tensor"),
                            mergeFlag("nuslerp_row_wise", false,
                                      "unflattened: vectors along the first dimension instead of the last")},
                           {.minModels = 2, .maxModels = 2}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        const auto models = otherModels(tensor, 2);
        const std::vector<Delta> deltas = deltasOf(models, tensor.base);
        const double first = requiredNumber(tensor, models[0]->parameters, "weight");
        const double second = requiredNumber(tensor, models[1]->parameters, "weight");
        const double total = first + second;
        const double t = std::fabs(total) < 1e-6 ? 0.5 : second / total;
        RowShape shape{1, out.size()};
        if (!tensor.parameters.flag("nuslerp_flatten", true)) shape = rowShape(tensor, out.size());
        if (shape.rows > 1 && tensor.parameters.flag("nuslerp_row_wise", false)) {
            alongFirst(tensor, deltas, t, out);
            return;
        }
        for (std::size_t row = 0; row < shape.rows; ++row) {
            const std::size_t begin = row * shape.columns, end = begin + shape.columns;
            const GramMatrix gram = gramMatrix(deltas, begin, end);
            const auto [a, b] = factorsOf(gram.norm(0), gram.norm(1), gram.at(0, 1), t);
            combine(deltas, {a, b}, begin, end, out);
        }
    }

  private:
    static std::pair<double, double> factorsOf(double length0, double length1, double product, double t) {
        const double cosine =
            std::clamp(product / std::max(length0, 1e-7) / std::max(length1, 1e-7), -1.0, 1.0);
        if (1 - cosine * cosine <= 1e-16) return {1 - t, t};
        const double angle = std::acos(cosine);
        return {std::sin((1 - t) * angle) / std::sin(angle), std::sin(t * angle) / std::sin(angle)};
    }

    /// Vectors along dimension 0: products of all of them at once, row after row.
    static void alongFirst(const TensorMerge& tensor, const std::vector<Delta>& deltas, double t,
                           std::span<float> out) {
        const std::size_t rows = std::size_t(tensor.shape.front()), width = out.size() / rows;
        std::vector<double> squares0(width), squares1(width), products(width);
        std::vector<float> x(width), y(width);
        for (std::size_t row = 0; row < rows; ++row) {
            readDelta(deltas[0], row * width, width, x.data());
            readDelta(deltas[1], row * width, width, y.data());
            for (std::size_t i = 0; i < width; ++i) {
                squares0[i] += double(x[i]) * x[i];
                squares1[i] += double(y[i]) * y[i];
                products[i] += double(x[i]) * y[i];
            }
        }
        std::vector<float> a(width), b(width);
        for (std::size_t i = 0; i < width; ++i) {
            const auto factors = factorsOf(std::sqrt(squares0[i]), std::sqrt(squares1[i]), products[i], t);
            a[i] = float(factors.first);
            b[i] = float(factors.second);
        }
        for (std::size_t row = 0; row < rows; ++row) {
            readDelta(deltas[0], row * width, width, x.data());
            readDelta(deltas[1], row * width, width, y.data());
            float* result = out.data() + row * width;
            for (std::size_t i = 0; i < width; ++i) result[i] = a[i] * x[i] + b[i] * y[i];
            if (deltas[0].base) add(result, deltas[0].base + row * width, width);
        }
    }
};

/// Barycentre of several models on the sphere: their directions are averaged in the tangent space at their
/// weighted mean, the result has the weighted mean of their lengths.
class MultiSlerp final : public DescribedMethod {
  public:
    MultiSlerp()
        : DescribedMethod({"multislerp",
                           "barycentre of several models on the sphere, or of their task vectors",
                           {modelNumber("weight", std::nullopt, "share of the model"),
                            mergeFlag("normalize_weights", true, "divide the weights by their sum"),
                            mergeNumber("eps", 1e-8, "lengths below this are zero")}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        const auto models = otherModels(tensor);
        if (models.size() == 1) {
            std::copy(models[0]->values.begin(), models[0]->values.end(), out.begin());
            return;
        }
        if (models.empty()) refuseMerge(tensor, "multislerp needs a model besides the base");
        const double eps = numberOf(tensor, tensor.parameters, "eps", 1e-8, {0});
        const std::vector<double> weights = weightsOf(tensor, models);
        if (out.empty()) return;
        const std::vector<Delta> deltas = deltasOf(models, tensor.base);
        const GramMatrix gram = gramMatrix(deltas, 0, out.size());

        std::vector<double> mean(models.size());  // as factors of the deltas
        double length = 0;
        for (std::size_t i = 0; i < models.size(); ++i) {
            mean[i] = weights[i] / (gram.norm(i) + eps);
            length += weights[i] * gram.norm(i);
        }
        const double meanNorm = gram.norm(mean);
        if (meanNorm < eps) {
            if (models.size() != 2)
                refuseMerge(tensor, "the models' directions cancel, so they have no mean on the sphere",
                            "use other weights");
            combine(deltas, weights, 0, out.size(), out);  // opposite: straight through the middle
            return;
        }
        for (double& factor : mean) factor /= meanNorm;
        combine(deltas, exponentialMap(gram, mean, weights, eps, length), 0, out.size(), out);
    }

  private:
    static std::vector<double> weightsOf(const TensorMerge& tensor,
                                         const std::vector<const ModelTensor*>& models) {
        std::vector<double> weights;
        double total = 0;
        for (const ModelTensor* model : models) {
            weights.push_back(requiredNumber(tensor, model->parameters, "weight"));
            total += weights.back();
        }
        if (!tensor.parameters.flag("normalize_weights", true)) return weights;
        if (total == 0)
            refuseMerge(tensor, "the weights sum to zero, so they cannot be normalized",
                        "change a weight, or set normalize_weights: false");
        for (double& weight : weights) weight /= total;
        return weights;
    }

    static std::vector<double> exponentialMap(const GramMatrix& gram, const std::vector<double>& mean,
                                              const std::vector<double>& weights, double eps, double length) {
        std::vector<double> tangent(mean.size());
        double along = 0;
        for (std::size_t i = 0; i < mean.size(); ++i) {
            const double unit = 1 / (gram.norm(i) + eps);
            tangent[i] += weights[i] * unit;
            along += weights[i] * unit * gram.product(mean, i);
        }
        for (std::size_t i = 0; i < mean.size(); ++i) tangent[i] -= along * mean[i];
        const double norm = gram.norm(tangent) + eps;
        std::vector<double> factors;
        for (std::size_t i = 0; i < mean.size(); ++i)
            factors.push_back(length * (mean[i] * std::cos(norm) + tangent[i] * std::sin(norm) / norm));
        return factors;
    }
};

/// Riemannian centre of mass of the models' directions, all of equal weight, with their mean length
/// (arXiv:2603.04972).
class Karcher final : public DescribedMethod {
  public:
    Karcher()
        : DescribedMethod({"karcher",
                           "centre of mass of the models on the sphere (Karcher mean, arXiv:2603.04972)",
                           {mergeNumber("max_iter", 10, "steps at most"),
                            mergeNumber("tol", 1e-5, "smaller steps and angles are zero")},
                           {.minModels = 0}}) {}

    void merge(const TensorMerge& tensor, const MergeSurvey*, std::span<float> out) const override {
        checkSizes(tensor, out);
        if (tensor.models.empty()) refuseMerge(tensor, "there are no models to average");
        std::vector<Delta> deltas;
        for (const ModelTensor& model : tensor.models)
            deltas.push_back({model.values.data(), nullptr, model.values.size()});
        if (deltas.size() == 1) {
            std::copy_n(deltas[0].values, out.size(), out.begin());
            return;
        }
        const double tolerance = numberOf(tensor, tensor.parameters, "tol", 1e-5, {0});
        const auto steps = int(numberOf(tensor, tensor.parameters, "max_iter", 10, {0, 1e6}));
        const GramMatrix gram = gramMatrix(deltas, 0, out.size());
        double length = 0;
        for (std::size_t i = 0; i < deltas.size(); ++i) length += gram.norm(i) / double(deltas.size());
        std::vector<double> factors = centre(gram, steps, tolerance);
        for (double& factor : factors) factor *= length;
        combine(deltas, factors, 0, out.size(), out);
    }

  private:
    /// The centre as factors of the vectors; vectors of no length take no part.
    static std::vector<double> centre(const GramMatrix& gram, int steps, double tolerance) {
        std::vector<std::size_t> valid;
        for (std::size_t i = 0; i < gram.size(); ++i)
            if (!(gram.norm(i) <= tolerance)) valid.push_back(i);
        std::vector<double> mean(gram.size());
        if (valid.empty()) return mean;
        const double alpha = 1 / double(valid.size());
        for (const std::size_t i : valid) mean[i] = alpha / gram.norm(i);
        const double meanNorm = gram.norm(mean);
        if (meanNorm < tolerance) {
            mean.assign(gram.size(), 0);
            mean[valid[0]] = 1 / gram.norm(valid[0]);
        } else {
            for (double& factor : mean) factor /= meanNorm;
        }
        for (int step = 0; step < steps; ++step)
            if (!moved(gram, valid, alpha, tolerance, mean)) break;
        return mean;
    }

    static bool moved(const GramMatrix& gram, const std::vector<std::size_t>& valid, double alpha,
                      double tolerance, std::vector<double>& mean) {
        std::vector<double> tangent(gram.size());
        for (const std::size_t i : valid) {
            const double cosine = std::clamp(gram.product(mean, i) / gram.norm(i), -1.0, 1.0);
            const double angle = std::acos(cosine);
            // Opposite vectors give no direction to go in.
            if (angle < tolerance || std::sin(angle) <= 1e-12) continue;
            const double factor = alpha * angle / std::sin(angle);
            tangent[i] += factor / gram.norm(i);
            for (std::size_t j = 0; j < gram.size(); ++j) tangent[j] -= factor * cosine * mean[j];
        }
        const double norm = gram.norm(tangent);
        if (norm < tolerance) return false;
        for (std::size_t j = 0; j < gram.size(); ++j)
            mean[j] = std::cos(norm) * mean[j] + std::sin(norm) * tangent[j] / norm;
        const double length = gram.norm(mean);
        if (length > tolerance)
            for (double& factor : mean) factor /= length;
        return true;
    }
};

}  // namespace

std::vector<std::unique_ptr<MergeMethod>> sphericalMethods() {
    std::vector<std::unique_ptr<MergeMethod>> methods;
    methods.push_back(std::make_unique<Slerp>());
    methods.push_back(std::make_unique<NuSlerp>());
    methods.push_back(std::make_unique<MultiSlerp>());
    methods.push_back(std::make_unique<Karcher>());
    return methods;
}

}  // namespace retort
