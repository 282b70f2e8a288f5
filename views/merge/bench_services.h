// What the merge bench needs from the rest of the program, as functions and plain values: the formulas and
// the models live in training, the views know neither. app/ connects them; tests bring their own.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "training/api/merge_bench.h"

namespace retort {

/// A parameter as its method declares it; flags are 0 and 1.
struct BenchParameter {
    std::string name;
    bool perModel = false;
    std::optional<double> fallback;  ///< none: it must be given
    bool isFlag = false;
    std::string help;
};

struct BenchMethod {
    std::string name, help;
    std::vector<BenchParameter> parameters;
    bool needsBase = false;
    std::size_t minModels = 1, maxModels = SIZE_MAX;  ///< besides the base

    const BenchParameter* find(const std::string& parameter, bool perModel) const;
};

/// One tensor's task vectors of two models, against the base. NaN where there is nothing to say.
struct TensorConflict {
    std::string tensor;
    int layer = -1;      ///< -1: outside of the layers
    std::string module;  ///< the same in every layer
    std::int64_t elements = 0;
    double cosine = 0, normA = 0, normB = 0;
    double signConflict = 0;  ///< share of elements with opposite signs among both's largest
};

/// Models by their place in the request.
struct PairConflicts {
    std::size_t a = 0, b = 0;
    std::vector<TensorConflict> tensors;
};

struct ConflictRequest {
    std::string base;                 ///< folder
    std::vector<std::string> models;  ///< folders, at least two
};

/// What a recipe's gradients and filters give one tensor.
struct TensorCoefficient {
    std::string tensor;
    int layer = -1;
    std::string module, model, parameter;  ///< model as the recipe names it; empty: of the whole merge
    double value = 0;
};

/// All are called off the GUI thread and may throw Error. What is empty is not offered.
struct BenchServices {
    std::vector<BenchMethod> methods;
    std::function<std::unique_ptr<MergeBench>(const MergeBenchRequest&, std::stop_token)> open;
    /// Plain sentences on why these checkpoints (folders; the base may be empty) do not merge well.
    std::function<std::vector<std::string>(const std::string& base, const std::vector<std::string>& models)>
        warnings;
    /// Every pair of models. Empty when stopped.
    std::function<std::vector<PairConflicts>(const ConflictRequest&,
                                             const std::function<void(double)>& progress, std::stop_token)>
        conflicts;
    /// Of a recipe with absolute folders.
    std::function<std::vector<TensorCoefficient>(const std::string& recipe)> coefficients;
};

}  // namespace retort
