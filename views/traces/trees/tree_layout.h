// Where the nodes of a tree stand: from left to right by depth, from top to bottom so that parents stand in
// the middle of their children and nothing overlaps.
#pragma once

#include <cstdint>
#include <vector>

namespace retort {

struct TreeLayout {
    /// In columns and rows: nodes of one column are at least one row apart.
    std::vector<std::int32_t> column;
    std::vector<double> row;
    /// Children of each node, in their order.
    std::vector<std::vector<std::int32_t>> children;
    /// The nodes of each column from top to bottom. The parents of a column's nodes are in that order, too.
    std::vector<std::vector<std::int32_t>> columns;
    double rows = 0;  ///< leaves
};

/// `parents[i]` is before i, -1 only of node 0. Linear.
TreeLayout layOutTree(const std::vector<std::int32_t>& parents);

}  // namespace retort
