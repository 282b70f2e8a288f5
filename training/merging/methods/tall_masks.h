// TALL masks and consensus merging (#161, arXiv:2405.07813): which entries of a multi-task vector each task
// uses. mask_t = |τ_t| > λ_t·|τ_MTL − τ_t|, a bit an entry and task.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "training/merging/merge_method.h"

namespace retort {

/// consensus (consensus task arithmetic and TIES) and tall_mask (the masked model of one task).
std::vector<std::unique_ptr<MergeMethod>> tallMaskMethods();

/// What T tasks take beside the base model: one multi-task vector and T bits a weight, against T models.
struct MaskStorage {
    std::uint64_t weights = 0, tasks = 0;
    std::uint64_t maskedBits() const { return weights * (32 + tasks); }
    std::uint64_t separateBits() const { return weights * 32 * tasks; }
};

/// A task's mask of one tensor; bits as numpy.packbits orders them (the first is the highest of its byte).
struct TaskMask {
    std::string task, tensor;
    std::vector<std::int64_t> shape;
    std::vector<std::uint8_t> bits;

    std::size_t elements() const;
    bool at(std::size_t index) const { return bits[index / 8] >> (7 - index % 8) & 1; }
    std::size_t kept() const;  ///< number of ones
};

/// The mask of a task vector within a multi-task vector.
TaskMask taskMask(std::string task, std::string tensor, std::vector<std::int64_t> shape,
                  std::span<const float> taskVector, std::span<const float> multiTaskVector, double lambda);
/// out = base + mask ⊙ multiTaskVector
void applyTaskMask(const TaskMask& mask, std::span<const float> base, std::span<const float> multiTaskVector,
                   std::span<float> out);

/// One safetensors file of bits for all tasks and tensors. Throws Error (two masks of one task and tensor,
/// disk full).
void writeTaskMasks(const std::filesystem::path& path, const std::vector<TaskMask>& masks);
/// Ordered by task, then tensor. Throws Error when it is not a file of masks.
std::vector<TaskMask> readTaskMasks(const std::filesystem::path& path);

}  // namespace retort
