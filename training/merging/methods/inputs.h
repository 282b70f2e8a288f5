// What every formula asks of its inputs: which models are not the base, parameters within their range, and
// messages that name the tensor.
#pragma once

#include <limits>
#include <string>
#include <vector>

#include "training/merging/merge_method.h"

namespace retort {

/// Throws Error naming the tensor.
[[noreturn]] void refuseMerge(const TensorMerge& tensor, const std::string& what,
                              const std::string& hint = {});

/// Throws Error unless every model, and the base when there is one, has as many elements as `out`.
void checkSizes(const TensorMerge& tensor, std::span<const float> out);

/// The models besides the base, in the recipe's order.
std::vector<const ModelTensor*> otherModels(const TensorMerge& tensor);

/// As otherModels(), of a method that takes exactly `count`.
std::vector<const ModelTensor*> otherModels(const TensorMerge& tensor, std::size_t count);

/// The base model's values. Throws Error when the recipe has none.
std::span<const float> baseValues(const TensorMerge& tensor);

struct ParameterRange {
    double low = -std::numeric_limits<double>::infinity(), high = std::numeric_limits<double>::infinity();
};

/// A finite number within the range; throws Error naming parameter and tensor otherwise.
double numberOf(const TensorMerge& tensor, const MergeParameters& parameters, std::string_view name,
                double fallback, ParameterRange range = {});
/// As numberOf(), but the parameter must be there.
double requiredNumber(const TensorMerge& tensor, const MergeParameters& parameters, std::string_view name,
                      ParameterRange range = {});

/// Rows of the last dimension: a matrix is its rows, a vector is one row.
struct RowShape {
    std::size_t rows = 1, columns = 0;
};
RowShape rowShape(const TensorMerge& tensor, std::size_t elements);

}  // namespace retort
