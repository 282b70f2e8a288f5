#include "core/lineage/lineage_folding.h"

#include <algorithm>
#include <numeric>

namespace retort {
namespace {

bool isLink(const LineageGraph& graph, std::size_t node) {
    return graph.edgesToParents(node).size() == 1 && graph.edgesToChildren(node).size() == 1;
}

}  // namespace

std::vector<std::size_t> chainBehind(const LineageGraph& graph, std::size_t node) {
    std::vector<std::size_t> chain;
    while (graph.edgesToChildren(node).size() == 1) {
        node = graph.edges()[graph.edgesToChildren(node)[0]].child;
        if (!isLink(graph, node)) break;
        chain.push_back(node);
    }
    return chain;
}

std::set<std::string> allChains(const LineageGraph& graph) {
    std::set<std::string> chains;
    for (const std::size_t node : graph.topologicalOrder()) {
        if (chainBehind(graph, node).size() < 2) continue;
        // Only where the chain begins: its later nodes are inside.
        const bool isInside =
            isLink(graph, node) &&
            graph.edgesToChildren(graph.edges()[graph.edgesToParents(node)[0]].parent).size() == 1;
        if (!isInside) chains.insert(graph.nodes()[node].key);
    }
    return chains;
}

FoldedLineage foldLineage(const LineageGraph& graph, const LineageFolds& folds) {
    const auto& nodes = graph.nodes();
    FoldedLineage folded;
    folded.shownAs.resize(nodes.size());
    std::iota(folded.shownAs.begin(), folded.shownAs.end(), 0u);
    folded.hidden.assign(nodes.size(), 0);
    for (const std::size_t node : graph.topologicalOrder()) {
        const auto& parents = graph.edgesToParents(node);
        if (parents.empty()) continue;
        // Hidden with its parents, when every one of them is hidden or folds its subtree.
        const auto behind = [&](std::size_t each) {
            const std::size_t parent = graph.edges()[each].parent;
            const std::size_t shown = folded.shownAs[parent];
            return folds.subtrees.contains(nodes[shown].key);
        };
        if (!std::all_of(parents.begin(), parents.end(), behind)) continue;
        folded.shownAs[node] = folded.shownAs[graph.edges()[parents[0]].parent];
    }
    for (const std::size_t node : graph.topologicalOrder()) {
        if (folded.shownAs[node] != node || !folds.chains.contains(nodes[node].key)) continue;
        if (folds.subtrees.contains(nodes[node].key)) continue;
        for (const std::size_t each : chainBehind(graph, node))
            if (folded.shownAs[each] == each && !folds.subtrees.contains(nodes[each].key))
                folded.shownAs[each] = node;
            else
                break;
    }
    for (std::size_t node = 0; node < nodes.size(); ++node) {
        // What is folded into something that is itself folded goes along.
        while (folded.shownAs[folded.shownAs[node]] != folded.shownAs[node])
            folded.shownAs[node] = folded.shownAs[folded.shownAs[node]];
        if (folded.shownAs[node] == node)
            folded.shown.push_back(node);
        else
            ++folded.hidden[folded.shownAs[node]];
    }
    std::set<std::pair<std::size_t, std::size_t>> drawn;
    for (std::size_t i = 0; i < graph.edges().size(); ++i) {
        const LineageEdge& edge = graph.edges()[i];
        const std::size_t parent = folded.shownAs[edge.parent], child = folded.shownAs[edge.child];
        const bool isWhole = parent == edge.parent && child == edge.child;
        // Two ways from one to the other are two edges (a base that is also a teacher), unless they are
        // folded.
        if (parent == child || (!drawn.emplace(parent, child).second && !isWhole)) continue;
        folded.edges.push_back({parent, child, i});
    }
    return folded;
}

}  // namespace retort
