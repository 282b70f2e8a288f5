// Task vectors added to a base: task arithmetic, TIES, DARE, Model Breadcrumbs and DELLA are one formula with
// different rules for what is kept of each vector and whether signs are elected (mergekit's generalized task
// arithmetic).
#pragma once

#include <memory>

#include "training/merging/merge_method.h"

namespace retort {

/// task_arithmetic, ties, dare_linear, dare_ties, breadcrumbs, breadcrumbs_ties, della, della_linear.
std::vector<std::unique_ptr<MergeMethod>> taskArithmeticMethods();

}  // namespace retort
