#include "training/merging/methods/doge.h"

#include <cmath>
#include <numeric>

#include "training/merging/methods/chunks.h"
#include "training/merging/methods/described_method.h"
#include "training/merging/methods/global_ties.h"
#include "training/merging/methods/inputs.h"
#include "training/merging/methods/linear_algebra.h"

namespace retort {

namespace {

/// Per task and row: Σ_columns vⱼ·(vⱼ − Σ λᵢvᵢ − Σλ·Δ).
std::vector<double> conflicts(const DogeProblem& problem, const std::vector<double>& delta) {
    const double total = std::accumulate(problem.lambdas.begin(), problem.lambdas.end(), 0.0);
    std::vector<double> found(problem.vectors.size() * problem.rows);
    for (std::size_t row = 0; row < problem.rows; ++row)
        for (std::size_t column = 0; column < problem.columns; ++column) {
            const std::size_t at = row * problem.columns + column;
            double mixed = total * delta[at];
            for (std::size_t i = 0; i < problem.vectors.size(); ++i)
                mixed += problem.lambdas[i] * problem.vectors[i][at];
            for (std::size_t j = 0; j < problem.vectors.size(); ++j) {
                const double v = problem.vectors[j][at];
                found[j * problem.rows + row] += v * (v - mixed);
            }
        }
    return found;
}

double sumOfSquares(const std::vector<double>& values) {
    return std::inner_product(values.begin(), values.end(), values.begin(), 0.0);
}

/// x − U·Uᵀ·x
void removeSubspace(const DogeProblem& problem, const std::vector<double>& basis, std::vector<double>& x) {
    const std::size_t width = basis.size() / problem.rows;
    if (width == 0) return;
    const std::vector<double> inside = multiply(basis, x, width, problem.rows, problem.columns, true);
    const std::vector<double> shared = multiply(basis, inside, problem.rows, width, problem.columns);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] -= shared[i];
}

class Doge final : public DescribedMethod {
  public:
    Doge()
        : DescribedMethod(
              {"doge",
               "corrects the task vectors by gradient steps on their conflict, outside of what they share "
               "(arXiv:2501.01230)",
               {mergeNumber("lamda", 0.07, "each task vector's factor is this over its norm in the tensor"),
                mergeNumber("subspace", 6, "the shared subspace has this part of the rank"),
                modelNumber("density", 0.3, "share of each whole task vector's entries that is kept"),
                mergeNumber("steps", 400, "of Adam, for each matrix"),
                mergeNumber("learning_rate", 1e-4, "of Adam")},
               {.needsBase = true}}) {}

    std::unique_ptr<MergeSurvey> survey() const override {
        return std::make_unique<GlobalThresholds>(
            GlobalThresholds::Options{.density = 0.3, .majority = false, .matricesOnly = true});
    }

    void merge(const TensorMerge& tensor, const MergeSurvey* survey, std::span<float> out) const override {
        checkSizes(tensor, out);
        const std::span<const float> base = baseValues(tensor);
        std::copy(base.begin(), base.end(), out.begin());
        const auto models = otherModels(tensor);
        if (tensor.shape.size() != 2 || models.empty())
            return;  // vectors stay the base's, as its authors have it
        const DogeProblem problem = problemOf(tensor, models);
        if (std::all_of(problem.lambdas.begin(), problem.lambdas.end(), [](double l) { return l == 0; }))
            return;
        const auto part = std::size_t(numberOf(tensor, tensor.parameters, "subspace", 6, {1}));
        const auto steps = int(numberOf(tensor, tensor.parameters, "steps", 400, {0, 1e6}));
        const double rate = numberOf(tensor, tensor.parameters, "learning_rate", 1e-4, {0});
        const std::vector<double> delta = dogeCorrection(problem, dogeSubspace(problem, part), steps, rate);
        const GlobalThresholds& thresholds = globalThresholds(tensor, survey);
        for (std::size_t m = 0; m < models.size(); ++m) {
            const double threshold = double(thresholds.threshold(*models[m]));
            for (std::size_t i = 0; i < out.size(); ++i) {
                const double v = problem.vectors[m][i];
                if (std::fabs(v) >= threshold) out[i] += float(problem.lambdas[m] * (v + delta[i]));
            }
        }
    }

  private:
    static DogeProblem problemOf(const TensorMerge& tensor, const std::vector<const ModelTensor*>& models) {
        const double lamda = numberOf(tensor, tensor.parameters, "lamda", 0.07);
        DogeProblem problem{std::size_t(tensor.shape[0]), std::size_t(tensor.shape[1]), {}, {}};
        for (const ModelTensor* model : models) {
            std::vector<double>& vector = problem.vectors.emplace_back();
            for (std::size_t i = 0; i < tensor.base.size(); ++i)
                vector.push_back(double(model->values[i] - tensor.base[i]));
            const double norm = std::sqrt(sumOfSquares(vector));
            if (!std::isfinite(norm)) refuseMerge(tensor, "a task vector is not finite");
            problem.lambdas.push_back(norm > 0 ? lamda / norm : 0);
        }
        return problem;
    }
};

}  // namespace

double dogeLoss(const DogeProblem& problem, const std::vector<double>& delta) {
    return sumOfSquares(conflicts(problem, delta));
}

std::vector<double> dogeSubspace(const DogeProblem& problem, std::size_t subspace) {
    const std::size_t rank = std::min(problem.rows, problem.columns), tasks = problem.vectors.size();
    const std::size_t each = rank / tasks, kept = std::min(rank / subspace, each * tasks);
    if (kept == 0) return {};
    std::vector<double> together(problem.rows * each * tasks);
    for (std::size_t task = 0; task < tasks; ++task) {
        const std::vector<double> left =
            leftSingularVectors(problem.vectors[task], problem.rows, problem.columns, each);
        for (std::size_t row = 0; row < problem.rows; ++row)
            std::copy_n(left.begin() + std::ptrdiff_t(row * each), each,
                        together.begin() + std::ptrdiff_t((row * tasks + task) * each));
    }
    return leftSingularVectors(together, problem.rows, each * tasks, kept);
}

std::vector<double> dogeCorrection(const DogeProblem& problem, const std::vector<double>& basis, int steps,
                                   double rate, std::vector<double>* losses) {
    const double total = std::accumulate(problem.lambdas.begin(), problem.lambdas.end(), 0.0);
    const std::size_t size = problem.rows * problem.columns;
    std::vector<double> delta(size), gradient(size), first(size), second(size), step(size);
    if (losses) losses->push_back(dogeLoss(problem, delta));
    for (int t = 1; t <= steps; ++t) {
        const std::vector<double> off = conflicts(problem, delta);
        for (std::size_t i = 0; i < size; ++i) {
            gradient[i] = 0;
            for (std::size_t j = 0; j < problem.vectors.size(); ++j)
                gradient[i] -=
                    2 * off[j * problem.rows + i / problem.columns] * total * problem.vectors[j][i];
        }
        removeSubspace(problem, basis, gradient);
        for (std::size_t i = 0; i < size; ++i) {
            first[i] = 0.9 * first[i] + 0.1 * gradient[i];
            second[i] = 0.999 * second[i] + 0.001 * gradient[i] * gradient[i];
            step[i] = rate * (first[i] / (1 - std::pow(0.9, t))) /
                      (std::sqrt(second[i] / (1 - std::pow(0.999, t))) + 1e-8);
        }
        // Adam's scaling leads back into the subspace, which the paper wants left alone: the step is
        // projected, too.
        removeSubspace(problem, basis, step);
        for (std::size_t i = 0; i < size; ++i) delta[i] -= step[i];
        if (losses) losses->push_back(dogeLoss(problem, delta));
    }
    return delta;
}

std::unique_ptr<MergeMethod> dogeMethod() {
    return std::make_unique<Doge>();
}

}  // namespace retort
