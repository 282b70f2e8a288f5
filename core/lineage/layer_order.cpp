#include "core/lineage/layer_order.h"

#include <algorithm>

namespace retort {
namespace {

constexpr int mostSweeps = 12;
constexpr int sweepsWithoutGain = 4;

std::vector<int> positionsOf(const LayerGraph& graph) {
    std::vector<int> position(graph.layerOf.size(), 0);
    for (const auto& layer : graph.layers)
        for (std::size_t i = 0; i < layer.size(); ++i) position[std::size_t(layer[i])] = int(i);
    return position;
}

// Inversions of the right ends, in the order of the left ones (Barth, Jünger and Mutzel, 2002): a tree of
// counts.
std::int64_t crossingsBetween(const LayerGraph& graph, std::size_t layer, const std::vector<int>& position) {
    const std::size_t size = graph.layers[layer + 1].size();
    std::vector<int> tree(size + 1, 0), ends;
    std::int64_t crossings = 0, inserted = 0;
    for (const int vertex : graph.layers[layer]) {
        ends.clear();
        for (const int next : graph.right[std::size_t(vertex)]) ends.push_back(position[std::size_t(next)]);
        std::sort(ends.begin(), ends.end());
        for (const int end : ends) {
            std::int64_t below = 0;
            for (int i = end + 1; i > 0; i -= i & -i) below += tree[std::size_t(i)];
            crossings += inserted - below;
        }
        for (const int end : ends) {
            for (std::size_t i = std::size_t(end) + 1; i <= size; i += i & (~i + 1)) ++tree[i];
            ++inserted;
        }
    }
    return crossings;
}

// Sorts a layer by the mean place of its neighbours on one side; those without any stay where they are.
void sortLayer(std::vector<int>& layer, const std::vector<std::vector<int>>& neighbours,
               std::vector<int>& position) {
    struct Placed {
        double place;
        int vertex;
    };
    std::vector<Placed> movable;
    std::vector<std::size_t> slots;
    for (std::size_t i = 0; i < layer.size(); ++i) {
        const auto& near = neighbours[std::size_t(layer[i])];
        if (near.empty()) continue;
        double sum = 0;
        for (const int each : near) sum += position[std::size_t(each)];
        movable.push_back({sum / double(near.size()), layer[i]});
        slots.push_back(i);
    }
    std::stable_sort(movable.begin(), movable.end(),
                     [](const Placed& a, const Placed& b) { return a.place < b.place; });
    for (std::size_t i = 0; i < slots.size(); ++i) layer[slots[i]] = movable[i].vertex;
    for (std::size_t i = 0; i < layer.size(); ++i) position[std::size_t(layer[i])] = int(i);
}

}  // namespace

std::int64_t countCrossings(const LayerGraph& graph) {
    const std::vector<int> position = positionsOf(graph);
    std::int64_t crossings = 0;
    for (std::size_t layer = 0; layer + 1 < graph.layers.size(); ++layer)
        crossings += crossingsBetween(graph, layer, position);
    return crossings;
}

void reduceCrossings(LayerGraph& graph) {
    std::vector<std::vector<int>> best = graph.layers;
    std::int64_t fewest = countCrossings(graph);
    std::vector<int> position = positionsOf(graph);
    for (int sweep = 0, idle = 0; sweep < mostSweeps && idle < sweepsWithoutGain && fewest > 0; ++sweep) {
        const std::size_t count = graph.layers.size();
        if (sweep % 2 == 0)
            for (std::size_t i = 1; i < count; ++i) sortLayer(graph.layers[i], graph.left, position);
        else
            for (std::size_t i = count - 1; i-- > 0;) sortLayer(graph.layers[i], graph.right, position);
        const std::int64_t now = countCrossings(graph);
        ++idle;
        if (now < fewest) {
            fewest = now;
            best = graph.layers;
            idle = 0;
        }
    }
    graph.layers = std::move(best);
}

}  // namespace retort
