// DOGE: task vectors corrected by gradient steps on their conflict, outside of the subspace that they share
// (#60). Defaults are those of fusion_bench (github.com/tanganke/fusion_bench,
// config/method/doge_ta/doge_ta.yaml: subspace 6, K 30, lamda 0.07; method/doge_ta/doge_ta.py: Adam, 400
// steps of 1e-4 for each matrix, the largest entries of the whole task vector kept). There the gradient alone
// is projected.
#pragma once

#include <memory>

#include "training/merging/merge_method.h"

namespace retort {

/// arXiv:2501.01230; fusion_bench's doge_ta.
std::unique_ptr<MergeMethod> dogeMethod();

/// One matrix's problem: rows and columns, the task vectors and their factors λ.
struct DogeProblem {
    std::size_t rows = 0, columns = 0;
    std::vector<std::vector<double>> vectors;
    std::vector<double> lambdas;
};

/// Σⱼ Σ_rows (Σ_columns vⱼ·(vⱼ − Σ λᵢvᵢ − Σλ·Δ))²
double dogeLoss(const DogeProblem& problem, const std::vector<double>& delta);

/// Orthonormal basis [rows, k] of the shared subspace: the first 1/N left singular vectors of each task
/// vector side by side, decomposed again, the first min(rows, columns)/`subspace` kept.
std::vector<double> dogeSubspace(const DogeProblem& problem, std::size_t subspace);

/// The correction Δ after `steps` of Adam, orthogonal to the shared subspace; `losses`, where given, gets the
/// loss before the first step and after each.
std::vector<double> dogeCorrection(const DogeProblem& problem, const std::vector<double>& basis, int steps,
                                   double rate, std::vector<double>* losses = nullptr);

}  // namespace retort
