// Methods that look at a whole tensor (for a threshold, for a norm) and are elementwise after that: what they
// found out is kept, the tensor is then merged in pieces, and a result of the tensor's size is never in
// memory.
#pragma once

#include <memory>
#include <span>

#include "training/merging/merge_method.h"

namespace retort {

/// One tensor that was looked at.
class PreparedMerge {
  public:
    virtual ~PreparedMerge() = default;
    /// Writes the elements from `first` on.
    virtual void merge(std::size_t first, std::span<float> out) const = 0;
};

/// What a MergeMethod is besides, when it works like this.
class PreparesMerge {
  public:
    virtual ~PreparesMerge() = default;
    /// `tensor` must outlive what is returned. Values that are not finite are no error here: who merges looks
    /// at them piece by piece. Throws Error for parameters out of range.
    virtual std::unique_ptr<PreparedMerge> prepare(const TensorMerge& tensor) const = 0;
};

}  // namespace retort
