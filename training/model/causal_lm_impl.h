// What CausalLM keeps, shared by the files that implement it.
#pragma once

#include "training/model/causal_lm.h"
#include "training/model/weight_layout.h"

namespace retort {

struct CausalLM::Impl {
    explicit Impl(const ModelShape& shape) : layout(shape) {}

    WeightLayout layout;
    torch::Tensor flat;
    Hook hook;
    bool reference = false;
};

}  // namespace retort
