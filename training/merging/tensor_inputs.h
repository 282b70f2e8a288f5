// One planned tensor's inputs as float32: spans of the mapped files where they are float32 there, buffers
// otherwise.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "training/merging/merge_plan.h"

namespace retort {

/// Memory that is used again for the next tensor; not cleared.
class MergeBuffer {
  public:
    /// Room for `count` numbers; what was in it is lost.
    float* need(std::size_t count);
    /// Gives back what is larger than `count` numbers.
    void shrink(std::size_t count);

  private:
    std::unique_ptr<float[]> m_data;
    std::size_t m_capacity = 0;
};

/// What one thread works in.
struct MergeWorkspace {
    std::vector<MergeBuffer> inputs, statistics;
    MergeBuffer out;

    /// Before a tensor that is much smaller than the last.
    void shrink(std::size_t count);
};

class TensorInputs {
  public:
    /// What it is given must outlive it.
    TensorInputs(const MergePlan& plan, const PlannedTensor& tensor, MergeWorkspace& workspace,
                 bool allowNonFinite = false);

    /// Tells the kernel what is read next, where it is not in the page cache yet.
    void prefetch(std::size_t first, std::size_t count) const;
    /// The elements [first, first + count) of every input: all of them, or, for elementwise methods, a piece
    /// without rows to rearrange. Valid until the next call. Throws Error for an input that is not finite.
    const TensorMerge& load(std::size_t first, std::size_t count);
    /// Lets the pages of a piece leave this process (not the page cache).
    void release(std::size_t first, std::size_t count) const;

  private:
    std::span<const float> loadInput(std::size_t index, std::size_t first, std::size_t count);
    std::span<const float> arrangeRows(const PlannedInput& input, float* out) const;
    void requireFinite(const PlannedInput& input, std::span<const float> values, std::size_t first) const;

    const MergePlan& m_plan;
    const PlannedTensor& m_tensor;
    MergeWorkspace& m_workspace;
    TensorMerge m_merge;  // made once; load() gives it other values
    bool m_allowNonFinite;
};

/// Whether an input's elements can be looked at where the file is mapped.
bool isMappedAsFloats(const PlannedTensor& tensor, const PlannedInput& input);

/// Of a range of a mapped file; only whole pages.
void releasePages(std::span<const std::byte> range);

bool allFinite(std::span<const float> values);

}  // namespace retort
