// Random masks that depend on the seed, the model and the tensor's name alone: not on the order of tensors,
// on threads, or on what was drawn before. mergekit draws from torch's generator in the order of its tasks,
// which cannot be matched; density and rescaling are the same.
#pragma once

#include <cstdint>
#include <vector>

#include "training/merging/merge_method.h"

namespace retort {

/// One bit an element.
class MaskBits {
  public:
    explicit MaskBits(std::size_t size) : m_words((size + 63) / 64) {}
    void set(std::size_t index) { add(index, true); }
    /// Sets the bit if `isSet`, without a branch.
    void add(std::size_t index, bool isSet) { m_words[index / 64] |= std::uint64_t(isSet) << (index % 64); }
    bool at(std::size_t index) const { return m_words[index / 64] >> (index % 64) & 1; }
    /// 1 and 0 for elements [first, first + count).
    void read(std::size_t first, std::size_t count, float* out) const;

  private:
    std::vector<std::uint64_t> m_words;
};

/// Uniform numbers for each element of a model's tensor: 32 bits each.
class ElementRandom {
  public:
    ElementRandom(const TensorMerge& tensor, const ModelTensor& model);
    /// Numbers of elements [first, first + count); `first` is a multiple of 4.
    void read(std::size_t first, std::size_t count, std::uint32_t* out) const;

  private:
    std::uint64_t m_key, m_stream;
};

/// An element is kept with probability `density`.
MaskBits bernoulliMask(const TensorMerge& tensor, const ModelTensor& model, std::size_t size, double density);

}  // namespace retort
