#include "core/lineage/merge_ancestry.h"

#include <algorithm>
#include <string_view>

namespace retort {
namespace {

bool blendsItsBase(std::string_view method) {
    return method == "slerp" || method == "nearswap";
}

}  // namespace

std::optional<MergeAncestry> mergeAncestry(const LineageGraph& graph, std::size_t node) {
    MergeAncestry ancestry;
    bool isMerge = false;
    const auto add = [&](std::size_t parent) {
        if (std::find(ancestry.parents.begin(), ancestry.parents.end(), parent) == ancestry.parents.end())
            ancestry.parents.push_back(parent);
    };
    for (const std::size_t index : graph.edgesToParents(node)) {
        const LineageEdge& edge = graph.edges()[index];
        if (edge.kind != LineageKind::Merged) continue;
        isMerge = true;
        if (edge.isBase) ancestry.base = edge.parent;
        if (!edge.isBase || edge.weight || blendsItsBase(edge.detail)) add(edge.parent);
    }
    if (!isMerge) return std::nullopt;
    if (!ancestry.base && !ancestry.parents.empty()) {
        const std::vector<std::size_t> common = graph.commonAncestors(ancestry.parents);
        if (common.size() == 1) ancestry.base = common[0];
    }
    return ancestry;
}

}  // namespace retort
