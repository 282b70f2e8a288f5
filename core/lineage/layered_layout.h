// Places an acyclic graph in layers from left to right, after Sugiyama, Tagawa and Toda (1981): layers by the
// longest path, few crossings by the barycentre heuristic, coordinates as near to the neighbours' as the
// distances allow (least squares, by pooling adjacent violators). Deterministic, and a layout that grows
// keeps the order that it had.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace retort {

struct LayoutNode {
    double width = 200, height = 56;
    /// Where it was before the graph changed (LayeredLayout::boxes' y): keeps its place among the others.
    std::optional<double> previousY;
};

struct LayoutOptions {
    double layerGap = 72;  ///< between columns
    double nodeGap = 18;   ///< between cards of a column
    double edgeGap = 8;    ///< about the ways of edges that pass a column
    double partGap = 44;   ///< between parts that are not connected
    double aspect = 1.8;   ///< width / height that unconnected parts are packed towards
};

struct LayoutPoint {
    double x = 0, y = 0;
    bool operator==(const LayoutPoint&) const = default;
};

struct LayoutBox {
    double x = 0, y = 0, width = 0, height = 0;  ///< x, y: top left
    int layer = 0;                               ///< within its part
    bool operator==(const LayoutBox&) const = default;
};

struct LayeredLayout {
    std::vector<LayoutBox> boxes;  ///< a node each
    std::vector<std::vector<LayoutPoint>>
        bends;  ///< an edge each: points to pass between its ends, from the parent on
    double width = 0, height = 0;
    std::int64_t crossings = 0;  ///< of the edges, between neighbouring layers
};

/// `edges` are (parent, child). An edge that closes a cycle is drawn against the direction and does no other
/// harm; edges of a node to itself, or to none, get no bends.
/// `previousBends` are those that the edges had before the graph changed, where they had any; a part of which
/// more than half of the nodes were there before keeps its order, and what is new is put beside its parents.
LayeredLayout layOut(const std::vector<LayoutNode>& nodes,
                     const std::vector<std::pair<std::size_t, std::size_t>>& edges,
                     const LayoutOptions& options = {},
                     const std::vector<std::vector<LayoutPoint>>& previousBends = {});

}  // namespace retort
