#include "core/lineage/layer_coordinates.h"

#include <algorithm>

namespace retort {
namespace {

constexpr int alignmentSweeps = 10;

class Alignment {
  public:
    Alignment(const LayerGraph& graph, const LayerSizes& sizes) : m_graph(graph), m_sizes(sizes) {}

    void run() {
        m_y.assign(m_graph.layerOf.size(), 0);
        for (const auto& layer : m_graph.layers)
            for (std::size_t i = 1; i < layer.size(); ++i)
                m_y[std::size_t(layer[i])] =
                    m_y[std::size_t(layer[i - 1])] + distance(layer[i - 1], layer[i]);
        const std::size_t count = m_graph.layers.size();
        for (int sweep = 0; sweep < alignmentSweeps; ++sweep) {
            const bool both = sweep + 2 >= alignmentSweeps;
            if (sweep % 2 == 0)
                for (std::size_t i = 1; i < count; ++i) alignLayer(m_graph.layers[i], true, both);
            else
                for (std::size_t i = count - 1; i-- > 0;) alignLayer(m_graph.layers[i], both, true);
        }
    }
    std::vector<double> take() { return std::move(m_y); }

  private:
    double distance(int above, int below) const {
        const auto a = std::size_t(above), b = std::size_t(below);
        return (m_sizes.height[a] + m_sizes.height[b]) / 2 + std::max(m_sizes.gap[a], m_sizes.gap[b]);
    }

    // Centres as near to the wanted ones as the distances allow, in the given order: with the distances taken
    // off it is an isotonic regression, which pooling solves in one pass.
    void settle(const std::vector<int>& layer, const std::vector<double>& wanted) {
        struct Block {
            double sum, weight;
            std::size_t count;
            double mean() const { return sum / weight; }
        };
        std::vector<Block> blocks;
        std::vector<double> offset(layer.size(), 0);
        for (std::size_t i = 0; i < layer.size(); ++i) {
            if (i > 0) offset[i] = offset[i - 1] + distance(layer[i - 1], layer[i]);
            const double weight = m_sizes.weight[std::size_t(layer[i])];
            blocks.push_back({weight * (wanted[i] - offset[i]), weight, 1});
            while (blocks.size() > 1 && blocks[blocks.size() - 2].mean() >= blocks.back().mean()) {
                Block& before = blocks[blocks.size() - 2];
                before.sum += blocks.back().sum;
                before.weight += blocks.back().weight;
                before.count += blocks.back().count;
                blocks.pop_back();
            }
        }
        std::size_t i = 0;
        for (const Block& block : blocks)
            for (std::size_t k = 0; k < block.count; ++k, ++i)
                m_y[std::size_t(layer[i])] = block.mean() + offset[i];
    }

    void alignLayer(const std::vector<int>& layer, bool toLeft, bool toRight) {
        std::vector<double> wanted;
        for (const int vertex : layer) {
            double sum = 0;
            int count = 0;
            const auto take = [&](const std::vector<int>& near) {
                for (const int each : near) {
                    sum += m_y[std::size_t(each)];
                    ++count;
                }
            };
            if (toLeft) take(m_graph.left[std::size_t(vertex)]);
            if (toRight) take(m_graph.right[std::size_t(vertex)]);
            wanted.push_back(count > 0 ? sum / count : m_y[std::size_t(vertex)]);
        }
        settle(layer, wanted);
    }

    const LayerGraph& m_graph;
    const LayerSizes& m_sizes;
    std::vector<double> m_y;
};

}  // namespace

std::vector<double> alignLayers(const LayerGraph& graph, const LayerSizes& sizes) {
    Alignment alignment(graph, sizes);
    alignment.run();
    return alignment.take();
}

}  // namespace retort
