// Vectors that are added to a model: a random control of equal norm (#177) and robust weight signatures
// (#158). Checked against the authors' program (github.com/VITA-Group/Robust_Weight_Signatures,
// model_patching.py): differences to the pretrained weights, projected in each tensor, factor 1; they keep
// the first 7 of VGG-16's 13 convolutions.
#pragma once

#include <memory>

#include "training/merging/merge_method.h"

namespace retort {

/// random_vector and weight_signature.
std::vector<std::unique_ptr<MergeMethod>> vectorMethods();

}  // namespace retort
