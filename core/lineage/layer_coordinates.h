// Where the vertices of a layered layout stand within their layers. Private to layered_layout.cpp.
#pragma once

#include <vector>

#include "core/lineage/layer_order.h"

namespace retort {

/// By vertex.
struct LayerSizes {
    std::vector<double> height;
    std::vector<double> gap;     ///< to its neighbours in the layer, at least; the larger of two counts
    std::vector<double> weight;  ///< how much it resists being moved from beside its neighbours
};

/// The middle of each vertex: near the mean of its neighbours in the layers beside, in the order of its
/// layer.
std::vector<double> alignLayers(const LayerGraph& graph, const LayerSizes& sizes);

}  // namespace retort
