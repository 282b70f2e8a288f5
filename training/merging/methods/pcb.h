// Parameter competition balancing (#50): which entries matter to their own task and agree with the others.
#pragma once

#include <memory>

#include "training/merging/merge_method.h"

namespace retort {

/// arXiv:2410.02396; pcb-merging.py of its authors.
std::unique_ptr<MergeMethod> pcbMethod();

}  // namespace retort
