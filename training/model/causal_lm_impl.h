// What CausalLM keeps, shared by the files that implement it.
#pragma once

#include "training/model/causal_lm.h"
#include "training/model/fused_autograd.h"
#include "training/model/weight_layout.h"

namespace retort {

struct CausalLM::Impl {
    explicit Impl(const ModelShape& shape) : layout(shape), fused(shape, layout) {}

    WeightLayout layout;
    FusedEngine fused;
    torch::Tensor flat;
    Hook hook;
    bool reference = false;

    /// The fused kernels are float32 on the CPU; hooks need every activation as a tensor of its own.
    bool canFuse(Precision precision) const {
        return !reference && !hook && precision == Precision::Float32 && flat.device().is_cpu() &&
               flat.scalar_type() == torch::kFloat32;
    }
};

}  // namespace retort
