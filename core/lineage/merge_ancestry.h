// What a merged checkpoint is measured against: the models that it was made of, and what all of them came
// from.
#pragma once

#include <optional>
#include <vector>

#include "core/lineage/lineage_graph.h"

namespace retort {

/// Indices of nodes.
struct MergeAncestry {
    std::vector<std::size_t> parents;  ///< in the recipe's order
    /// The recipe's base model, else the nearest common ancestor of the parents; nothing where neither is
    /// known or there are several nearest ones.
    std::optional<std::size_t> base;
    bool operator==(const MergeAncestry&) const = default;
};

/// By the node's "merged" edges. A base model is a parent as well where it has a weight of its own, or the
/// method goes from it to the other (SLERP, nearswap). Nothing for what is no merge.
std::optional<MergeAncestry> mergeAncestry(const LineageGraph& graph, std::size_t node);

}  // namespace retort
