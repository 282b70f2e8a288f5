// The order within the layers of a layered layout: few crossings. Private to layered_layout.cpp.
#pragma once

#include <cstdint>
#include <vector>

namespace retort {

/// A graph whose edges join neighbouring layers only.
struct LayerGraph {
    std::vector<std::vector<int>> layers;       ///< vertices of each layer, in their order
    std::vector<int> layerOf;                   ///< by vertex
    std::vector<std::vector<int>> left, right;  ///< neighbours in the layer before and after, by vertex
};

std::int64_t countCrossings(const LayerGraph& graph);

/// Sweeps over the layers until the crossings no longer fall; an order without gain is left as it was.
void reduceCrossings(LayerGraph& graph);

}  // namespace retort
