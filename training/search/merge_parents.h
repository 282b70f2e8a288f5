// The models of a merge in memory, as flat parameters, so that a merge with other coefficients is one pass
// over them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "training/merging/merge_method.h"
#include "training/merging/search/merge_space.h"
#include "training/model/causal_lm.h"
#include "training/model/weight_layout.h"
#include "training/tensor.h"

namespace retort {

struct MergeParents {
    ModelShape shape;
    WeightLayout layout;
    torch::Tensor base;                 ///< [layout.size] float32 on the CPU; undefined: no base
    std::vector<torch::Tensor> models;  ///< the same, in the order of MergeSpace::models

    /// Reads checkpoint folders; `base` empty: none. Throws Error where they are not of one shape or one
    /// vocabulary, for NaNs and infinities, and for what is missing or damaged.
    static MergeParents load(const std::filesystem::path& base,
                             const std::vector<std::filesystem::path>& models);
    /// Copies; `base` may be null. Throws Error as load() does.
    static MergeParents of(const std::shared_ptr<CausalLM>& base,
                           const std::vector<std::shared_ptr<CausalLM>>& models);

    std::vector<std::string> weightNames() const;
    /// The group of each of the layout's slices.
    std::vector<std::size_t> sliceGroups(const std::vector<WeightGroup>& groups) const;

  private:
    MergeParents(const ModelShape& itsShape) : shape(itsShape), layout(itsShape) {}
    void add(torch::Tensor flat, const std::string& name, bool isBase);
};

/// Whether merged weights are sums of the parents' with factors a group (linear, task_arithmetic): such
/// merges need no formula of training/merging/methods.
bool isSumMerge(std::string_view method);

/// Writes base + Σ weights·task vectors (or Σ weights·models) into `out`, [layout.size], gaps untouched.
/// Throws Error for weights that sum to zero where they are to be normalised, and for a missing base.
void mergeSum(const MergeParents& parents, const MergeSpace& space, std::span<const double> coefficients,
              const torch::Tensor& out);

/// By a formula, tensor by tensor, as the executor does it. `keys` and `seed`: what random masks are drawn
/// from; the executor's own give its masks.
void mergeByFormula(const MergeParents& parents, const MergeSpace& space,
                    std::span<const double> coefficients, const MergeMethod& method,
                    const std::vector<std::uint64_t>& keys, std::uint64_t seed, const torch::Tensor& out);

}  // namespace retort
