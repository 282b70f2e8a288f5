// Inputs that are damaged are refused, with their place.
#pragma once

#include <cstddef>
#include <span>

#include "training/merging/merge_plan.h"

namespace retort {

/// Throws Error when one of `values`, which are an input's elements from `first` on, is not finite.
void requireFiniteInput(const PlannedInput& input, std::span<const float> values, std::size_t first);

/// The same for the elements [first, first + count) of every input of a tensor that was read as a whole.
void requireFiniteInputs(const PlannedTensor& tensor, const TensorMerge& values, std::size_t first,
                         std::size_t count);

}  // namespace retort
