// Methods that weigh models by what their task vectors have in common: model_stock, sce, arcee_fusion.
#pragma once

#include <memory>

#include "training/merging/merge_method.h"

namespace retort {

/// arXiv:2403.19522
std::unique_ptr<MergeMethod> modelStockMethod();
/// arXiv:2408.07990
std::unique_ptr<MergeMethod> sceMethod();
std::unique_ptr<MergeMethod> arceeFusionMethod();

}  // namespace retort
