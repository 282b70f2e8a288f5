// What of the graph is shown when subtrees and chains are folded away.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/lineage/lineage_graph.h"

namespace retort {

struct LineageFolds {
    std::set<std::string> subtrees;  ///< keys of nodes: what came from them alone is hidden
    std::set<std::string>
        chains;  ///< keys of nodes: those that follow one by one are hidden, to the next branch
    bool operator==(const LineageFolds&) const = default;
};

struct FoldedLineage {
    std::vector<std::size_t> shown;    ///< nodes, in the graph's order
    std::vector<std::size_t> shownAs;  ///< by node: itself, or the node that it is folded into
    std::vector<int> hidden;           ///< by node: how many are folded into it
    struct Edge {
        std::size_t parent = 0, child = 0;  ///< nodes that are shown
        std::size_t edge = 0;               ///< of the graph: the first of those that it stands for
    };
    std::vector<Edge> edges;
};

FoldedLineage foldLineage(const LineageGraph& graph, const LineageFolds& folds);

/// The nodes that would be hidden behind `node` as a chain: each has one parent and one child, and no branch
/// between.
std::vector<std::size_t> chainBehind(const LineageGraph& graph, std::size_t node);
/// Folds for all chains of at least two nodes.
std::set<std::string> allChains(const LineageGraph& graph);

}  // namespace retort
