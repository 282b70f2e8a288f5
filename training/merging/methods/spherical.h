// Methods that go along the sphere instead of through it: slerp, nuslerp, multislerp, karcher.
#pragma once

#include <memory>

#include "training/merging/merge_method.h"

namespace retort {

std::vector<std::unique_ptr<MergeMethod>> sphericalMethods();

}  // namespace retort
