// Which models a merge recipe in mergekit's YAML names, and with which weights
// (github.com/arcee-ai/mergekit, docs/config.md).
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace retort {

struct MergeParent {
    std::string model;    ///< a path, a hub's "org/name[@revision]", or "run:<name>[@step]", as written
    std::string adapter;  ///< "+adapter" behind it; empty: none
    std::optional<double> weight;  ///< `weight`, where it is one number for all tensors
    bool isBase = false;           ///< base_model
    bool operator==(const MergeParent&) const = default;
};

struct RecipeParents {
    std::string method;  ///< merge_method; empty: not said
    std::vector<MergeParent> parents;
    bool operator==(const RecipeParents&) const = default;
};

/// Of `models`, `slices` and `modules`, each model once, in their order; then the base model where it is none
/// of them. Throws Error with `where` and the line for what is no merge recipe.
RecipeParents readMergeParents(const std::string& yaml, const std::string& where);

}  // namespace retort
