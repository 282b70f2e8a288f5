// Methods that weigh by what the models saw: Fisher information and RegMean. The statistics come beside the
// weights (ModelTensor::statistics).
#pragma once

#include <memory>

#include "training/merging/merge_method.h"

namespace retort {

/// arXiv:2111.09832
std::unique_ptr<MergeMethod> fisherMethod();
/// arXiv:2212.09849
std::unique_ptr<MergeMethod> regmeanMethod();

}  // namespace retort
