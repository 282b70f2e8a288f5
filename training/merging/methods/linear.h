// Methods that take each element on its own: linear, passthrough, nearswap, ram, ramplus_tl.
#pragma once

#include <memory>

#include "training/merging/merge_method.h"

namespace retort {

std::unique_ptr<MergeMethod> linearMethod();
std::unique_ptr<MergeMethod> passthroughMethod();
std::unique_ptr<MergeMethod> nearswapMethod();
/// ram and ramplus_tl (arXiv:2601.13572).
std::vector<std::unique_ptr<MergeMethod>> reinforcedAgentMethods();

}  // namespace retort
