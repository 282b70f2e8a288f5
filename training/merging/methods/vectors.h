// Vectors that are added to a model: a random control of equal norm (#177) and robust weight signatures
// (#158).
#pragma once

#include <memory>

#include "training/merging/merge_method.h"

namespace retort {

/// random_vector and weight_signature.
std::vector<std::unique_ptr<MergeMethod>> vectorMethods();

}  // namespace retort
