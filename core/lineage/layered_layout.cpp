#include "core/lineage/layered_layout.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/lineage/layer_coordinates.h"
#include "core/lineage/layer_order.h"

namespace retort {
namespace {

constexpr double bendWeight = 4;  // a long edge is straightened at the cost of cards that could be nearer

using Edges = std::vector<std::pair<std::size_t, std::size_t>>;

/// The nodes of one connected part, by falling age.
struct Part {
    std::vector<std::size_t> nodes, edges;
    double width = 0, height = 0;
};

std::vector<Part> connectedParts(std::size_t count, const Edges& edges) {
    std::vector<std::size_t> root(count);
    std::iota(root.begin(), root.end(), 0u);
    const auto find = [&](std::size_t node) {
        while (root[node] != node) node = root[node] = root[root[node]];
        return node;
    };
    // The smaller index becomes the root, so that parts come in the order of their first nodes.
    for (const auto& [from, to] : edges) {
        const std::size_t a = find(from), b = find(to);
        root[std::max(a, b)] = std::min(a, b);
    }
    std::vector<Part> parts;
    std::vector<std::size_t> partOf(count);
    for (std::size_t node = 0; node < count; ++node) {
        const std::size_t first = find(node);
        if (first == node) {
            partOf[node] = parts.size();
            parts.emplace_back();
        }
        parts[partOf[first]].nodes.push_back(node);
    }
    for (std::size_t i = 0; i < edges.size(); ++i) parts[partOf[find(edges[i].first)]].edges.push_back(i);
    return parts;
}

/// Vertices are a part's nodes (first) and the bends of edges that pass layers.
class PartLayout {
  public:
    PartLayout(const Part& part, const std::vector<LayoutNode>& nodes, const Edges& edges,
               const LayoutOptions& options, const std::vector<std::vector<LayoutPoint>>& previousBends)
        : m_part(part), m_nodes(nodes), m_edges(edges), m_options(options), m_previousBends(previousBends) {}

    void place(LayeredLayout& into, Part& part) {
        orientEdges();
        assignLayers();
        makeVertices();
        orderAtFirst();
        if (!m_keepsOrder) reduceCrossings(m_graph);
        into.crossings += countCrossings(m_graph);
        m_y = alignLayers(m_graph, m_sizes);
        write(into, part);
    }

  private:
    struct Local {
        std::size_t from, to, edge;
        bool reversed = false;
    };

    // Depth-first: edges that lead back are taken the other way round.
    void orientEdges() {
        std::vector<std::size_t> localOf(m_nodes.size(), 0);
        const std::size_t count = m_part.nodes.size();
        for (std::size_t i = 0; i < count; ++i) localOf[m_part.nodes[i]] = i;
        m_out.resize(count);
        m_in.resize(count);
        for (const std::size_t edge : m_part.edges) {
            m_local.push_back({localOf[m_edges[edge].first], localOf[m_edges[edge].second], edge});
            m_out[m_local.back().from].push_back(m_local.size() - 1);
        }
        std::vector<char> state(count, 0);
        for (std::size_t start = 0; start < count; ++start) {
            if (state[start] != 0) continue;
            std::vector<std::pair<std::size_t, std::size_t>> stack{{start, 0}};
            state[start] = 1;
            while (!stack.empty()) {
                auto& [node, next] = stack.back();
                if (next == m_out[node].size()) {
                    state[node] = 2;
                    m_order.push_back(node);
                    stack.pop_back();
                    continue;
                }
                Local& edge = m_local[m_out[node][next++]];
                if (state[edge.to] == 1) edge.reversed = true;
                if (state[edge.to] != 0) continue;
                state[edge.to] = 1;
                stack.emplace_back(edge.to, 0);
            }
        }
        std::reverse(m_order.begin(), m_order.end());
        for (auto& out : m_out) out.clear();
        for (std::size_t i = 0; i < m_local.size(); ++i) {
            if (m_local[i].reversed) std::swap(m_local[i].from, m_local[i].to);
            m_out[m_local[i].from].push_back(i);
            m_in[m_local[i].to].push_back(i);
        }
    }

    // The longest path from a source; then sources move up to their first child, so that a teacher stands
    // beside its student.
    void assignLayers() {
        m_layer.assign(m_part.nodes.size(), 0);
        for (const std::size_t node : m_order)
            for (const std::size_t edge : m_out[node])
                m_layer[m_local[edge].to] = std::max(m_layer[m_local[edge].to], m_layer[node] + 1);
        for (std::size_t node = 0; node < m_layer.size(); ++node) {
            if (!m_in[node].empty() || m_out[node].empty()) continue;
            int nearest = m_layer[m_local[m_out[node][0]].to];
            for (const std::size_t edge : m_out[node]) nearest = std::min(nearest, m_layer[m_local[edge].to]);
            m_layer[node] = nearest - 1;
        }
    }

    int addVertex(int layer, double height, double gap, double weight) {
        m_graph.layerOf.push_back(layer);
        m_graph.left.emplace_back();
        m_graph.right.emplace_back();
        m_sizes.height.push_back(height);
        m_sizes.gap.push_back(gap);
        m_sizes.weight.push_back(weight);
        return int(m_graph.layerOf.size()) - 1;
    }
    void join(int left, int right) {
        m_graph.right[std::size_t(left)].push_back(right);
        m_graph.left[std::size_t(right)].push_back(left);
    }
    void makeVertices() {
        for (std::size_t i = 0; i < m_part.nodes.size(); ++i)
            addVertex(m_layer[i], m_nodes[m_part.nodes[i]].height, m_options.nodeGap, 1);
        m_bends.resize(m_local.size());
        for (std::size_t i = 0; i < m_local.size(); ++i) {
            int last = int(m_local[i].from);
            for (int layer = m_layer[m_local[i].from] + 1; layer < m_layer[m_local[i].to]; ++layer) {
                const int bend = addVertex(layer, 0, m_options.edgeGap, bendWeight);
                m_bends[i].push_back(bend);
                join(last, bend);
                last = bend;
            }
            join(last, int(m_local[i].to));
        }
    }

    // By where they were; what is new follows its parents in a walk from the oldest node on.
    void orderAtFirst() {
        m_graph.layers.resize(std::size_t(*std::max_element(m_graph.layerOf.begin(), m_graph.layerOf.end())) +
                              1);
        std::vector<char> seen(m_graph.layerOf.size(), 0);
        std::vector<int> stack;
        for (std::size_t start = 0; start < m_part.nodes.size(); ++start) {
            stack.push_back(int(start));
            while (!stack.empty()) {
                const auto vertex = std::size_t(stack.back());
                stack.pop_back();
                if (std::exchange(seen[vertex], char(1)) != 0) continue;
                m_graph.layers[std::size_t(m_graph.layerOf[vertex])].push_back(int(vertex));
                for (auto next = m_graph.right[vertex].rbegin(); next != m_graph.right[vertex].rend(); ++next)
                    stack.push_back(*next);
            }
        }
        keepPreviousOrder();
    }
    // Where each vertex was. What is new comes beside its parents, else its children; a new bend between its
    // edge's ends.
    std::vector<std::optional<double>> previousPlaces() const {
        std::vector<std::optional<double>> was(m_graph.layerOf.size());
        for (std::size_t i = 0; i < m_part.nodes.size(); ++i)
            if (const LayoutNode& node = m_nodes[m_part.nodes[i]]; node.previousY)
                was[i] = *node.previousY + node.height / 2;
        const auto guess = [&](std::size_t node, const std::vector<std::size_t>& edges, bool parents) {
            double sum = 0;
            int count = 0;
            for (const std::size_t each : edges)
                if (const auto y = was[parents ? m_local[each].from : m_local[each].to]) {
                    sum += *y;
                    ++count;
                }
            if (!was[node] && count > 0) was[node] = sum / count;
        };
        for (const std::size_t node : m_order) guess(node, m_in[node], true);
        for (auto node = m_order.rbegin(); node != m_order.rend(); ++node) guess(*node, m_out[*node], false);
        for (std::size_t i = 0; i < m_bends.size(); ++i) {
            const std::size_t edge = m_local[i].edge, count = m_bends[i].size();
            const bool known = edge < m_previousBends.size() && m_previousBends[edge].size() == 2 * count;
            const auto from = was[m_local[i].from], to = was[m_local[i].to];
            for (std::size_t k = 0; k < count; ++k) {
                auto& place = was[std::size_t(m_bends[i][k])];
                if (known)
                    place = m_previousBends[edge][2 * (m_local[i].reversed ? count - 1 - k : k)].y;
                else if (from && to)
                    place = *from + (*to - *from) * double(k + 1) / double(count + 1);
            }
        }
        return was;
    }
    void keepPreviousOrder() {
        std::size_t known = 0;
        for (const std::size_t node : m_part.nodes) known += m_nodes[node].previousY.has_value();
        m_keepsOrder = 2 * known > m_part.nodes.size();
        if (!m_keepsOrder) return;
        const std::vector<std::optional<double>> was = previousPlaces();
        for (auto& layer : m_graph.layers)
            std::stable_sort(layer.begin(), layer.end(), [&](int a, int b) {
                return was[std::size_t(a)].value_or(0) < was[std::size_t(b)].value_or(0);
            });
    }

    void write(LayeredLayout& into, Part& part) {
        std::vector<double> width(m_graph.layers.size(), 0), left(m_graph.layers.size(), 0);
        double top = 1e300, bottom = -1e300;
        for (std::size_t v = 0; v < m_graph.layerOf.size(); ++v) {
            top = std::min(top, m_y[v] - m_sizes.height[v] / 2);
            bottom = std::max(bottom, m_y[v] + m_sizes.height[v] / 2);
            if (v < m_part.nodes.size()) {
                double& most = width[std::size_t(m_graph.layerOf[v])];
                most = std::max(most, m_nodes[m_part.nodes[v]].width);
            }
        }
        for (std::size_t i = 1; i < left.size(); ++i)
            left[i] = left[i - 1] + width[i - 1] + m_options.layerGap;
        for (std::size_t i = 0; i < m_part.nodes.size(); ++i) {
            const LayoutNode& node = m_nodes[m_part.nodes[i]];
            const auto layer = std::size_t(m_graph.layerOf[i]);
            into.boxes[m_part.nodes[i]] = {left[layer], m_y[i] - node.height / 2 - top, node.width,
                                           node.height, int(layer)};
        }
        for (std::size_t i = 0; i < m_local.size(); ++i) {
            auto& bends = into.bends[m_local[i].edge];
            for (const int bend : m_bends[i]) {
                const auto layer = std::size_t(m_graph.layerOf[std::size_t(bend)]);
                const double y = m_y[std::size_t(bend)] - top;
                // Both edges of the column: the way between them is straight, beside the cards.
                bends.push_back({left[layer], y});
                bends.push_back({left[layer] + width[layer], y});
            }
            if (m_local[i].reversed) std::reverse(bends.begin(), bends.end());
        }
        part.width = left.back() + width.back();
        part.height = bottom - top;
    }

    const Part& m_part;
    const std::vector<LayoutNode>& m_nodes;
    const Edges& m_edges;
    const LayoutOptions& m_options;
    const std::vector<std::vector<LayoutPoint>>& m_previousBends;
    bool m_keepsOrder = false;
    std::vector<Local> m_local;
    std::vector<std::vector<std::size_t>> m_out, m_in;  // of m_local, by local node
    std::vector<std::size_t> m_order;
    std::vector<int> m_layer;
    LayerGraph m_graph;
    LayerSizes m_sizes;
    std::vector<double> m_y;                // by vertex: its middle
    std::vector<std::vector<int>> m_bends;  // by m_local
};

void move(LayeredLayout& layout, const Part& part, double x, double y) {
    for (const std::size_t node : part.nodes) {
        layout.boxes[node].x += x;
        layout.boxes[node].y += y;
    }
    for (const std::size_t edge : part.edges)
        for (LayoutPoint& point : layout.bends[edge]) {
            point.x += x;
            point.y += y;
        }
}

// In rows, the parts with edges first, each kind in the order of their first nodes.
void pack(LayeredLayout& layout, std::vector<Part>& parts, const LayoutOptions& options) {
    std::stable_partition(parts.begin(), parts.end(), [](const Part& part) { return !part.edges.empty(); });
    double area = 0, widest = 0;
    for (const Part& part : parts) {
        area += (part.width + options.partGap) * (part.height + options.partGap);
        widest = std::max(widest, part.width);
    }
    const double rowWidth = std::max(widest, std::sqrt(area * options.aspect));
    double x = 0, y = 0, rowHeight = 0;
    for (const Part& part : parts) {
        if (x > 0 && x + part.width > rowWidth) {
            y += rowHeight + options.partGap;
            x = rowHeight = 0;
        }
        move(layout, part, x, y);
        layout.width = std::max(layout.width, x + part.width);
        rowHeight = std::max(rowHeight, part.height);
        layout.height = std::max(layout.height, y + part.height);
        x += part.width + options.partGap;
    }
}

}  // namespace

LayeredLayout layOut(const std::vector<LayoutNode>& nodes, const Edges& edges, const LayoutOptions& options,
                     const std::vector<std::vector<LayoutPoint>>& previousBends) {
    LayeredLayout layout;
    layout.boxes.resize(nodes.size());
    layout.bends.resize(edges.size());
    // Those that cannot be drawn keep their index.
    Edges usable = edges;
    std::vector<std::size_t> index;
    std::size_t kept = 0;
    for (std::size_t i = 0; i < edges.size(); ++i)
        if (edges[i].first < nodes.size() && edges[i].second < nodes.size() &&
            edges[i].first != edges[i].second) {
            usable[kept++] = edges[i];
            index.push_back(i);
        }
    usable.resize(kept);
    std::vector<Part> parts = connectedParts(nodes.size(), usable);
    for (Part& part : parts)
        for (std::size_t& edge : part.edges) edge = index[edge];
    for (Part& part : parts) {
        const Part whole = part;
        PartLayout(whole, nodes, edges, options, previousBends).place(layout, part);
    }
    pack(layout, parts, options);
    return layout;
}

}  // namespace retort
