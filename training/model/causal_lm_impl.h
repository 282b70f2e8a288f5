// What CausalLM keeps, shared by the files that implement it.
#pragma once

#include "training/model/causal_lm.h"
#include "training/model/fused_autograd.h"
#include "training/model/lora.h"
#include "training/model/reference_forward.h"
#include "training/model/weight_layout.h"

namespace retort {

struct CausalLM::Impl {
    explicit Impl(const ModelShape& shape) : layout(shape), fused(shape, layout) {}

    WeightLayout layout;
    FusedEngine fused;
    torch::Tensor flat;
    std::shared_ptr<LoraAdapter> adapter;
    Hook hook;
    bool reference = false, checkpointing = false;
    std::vector<std::int32_t> eosIds;
    std::int32_t padId = -1;

    /// The adapter's dropout is between the layers, so it cannot be merged while it trains.
    bool dropsOut() const { return adapter && adapter->hasDropout() && torch::GradMode::is_enabled(); }

    /// What the layers read: the parameters, with the adapter in them unless dropsOut().
    torch::Tensor weights() const { return adapter && !dropsOut() ? adapter->merged(flat) : flat; }

    /// The fused kernels compute Llama's layers in float32 on the CPU; hooks need every activation as a
    /// tensor of its own.
    bool canFuse(Precision precision, const ModelShape& shape) const {
        return !reference && !hook && !dropsOut() && shape.block == DecoderBlock::Llama &&
               precision == Precision::Float32 && flat.device().is_cpu() &&
               flat.scalar_type() == torch::kFloat32;
    }

    ReferenceForward plain(const ModelShape& shape, Precision precision) const {
        const bool branch = dropsOut();
        return {shape,
                layout,
                precision,
                hook,
                checkpointing,
                branch ? adapter.get() : nullptr,
                branch ? adapter->nextPass() : 0};
    }
};

}  // namespace retort
