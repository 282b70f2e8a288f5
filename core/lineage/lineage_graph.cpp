#include "core/lineage/lineage_graph.h"

#include <algorithm>
#include <queue>

namespace retort {
namespace {

constexpr int otherEdgeCost = 10;  // of an edge that carries no weights, in edges that do

// Depth-first, without recursion: a chain may be as long as it likes.
class CycleBreaker {
  public:
    CycleBreaker(std::size_t nodes, const std::vector<LineageEdge>& edges) : m_edges(edges), m_out(nodes) {
        for (std::size_t i = 0; i < edges.size(); ++i) m_out[edges[i].parent].push_back(i);
        m_state.resize(nodes, Fresh);
        closes.resize(edges.size(), false);
        for (std::size_t node = 0; node < nodes; ++node)
            if (m_state[node] == Fresh) visit(node);
        std::reverse(order.begin(), order.end());
    }
    std::vector<bool> closes;        // by edge: whether it leads back
    std::vector<std::size_t> order;  // topological, of what is left

  private:
    enum State : char { Fresh, Open, Done };

    void visit(std::size_t start) {
        std::vector<std::pair<std::size_t, std::size_t>> stack{{start, 0}};
        m_state[start] = Open;
        while (!stack.empty()) {
            auto& [node, next] = stack.back();
            if (next == m_out[node].size()) {
                m_state[node] = Done;
                order.push_back(node);
                stack.pop_back();
                continue;
            }
            const std::size_t edge = m_out[node][next++];
            const std::size_t child = m_edges[edge].child;
            if (m_state[child] == Open) closes[edge] = true;
            if (m_state[child] != Fresh) continue;
            m_state[child] = Open;
            stack.emplace_back(child, 0);
        }
    }

    const std::vector<LineageEdge>& m_edges;
    std::vector<std::vector<std::size_t>> m_out;
    std::vector<State> m_state;
};

}  // namespace

std::optional<double> LineageNode::accuracy() const {
    if (accuracies.empty()) return std::nullopt;
    double sum = 0;
    for (const auto& [set, value] : accuracies) sum += value;
    return sum / double(accuracies.size());
}

LineageGraph::LineageGraph(std::vector<LineageNode> nodes, const std::vector<LineageEdge>& edges)
    : m_nodes(std::move(nodes)), m_up(m_nodes.size()), m_down(m_nodes.size()) {
    for (std::size_t i = 0; i < m_nodes.size(); ++i)
        if (!m_byKey.emplace(m_nodes[i].key, i).second)
            addProblem("two checkpoints have the key " + m_nodes[i].key);
    link(edges);
}

void LineageGraph::link(const std::vector<LineageEdge>& edges) {
    std::vector<LineageEdge> known;
    for (const LineageEdge& edge : edges) {
        if (edge.parent >= m_nodes.size() || edge.child >= m_nodes.size()) continue;
        if (edge.parent == edge.child)
            addProblem(m_nodes[edge.child].name + " is said to come from itself");
        else if (std::find(known.begin(), known.end(), edge) == known.end())
            known.push_back(edge);
    }
    CycleBreaker breaker(m_nodes.size(), known);
    m_order = std::move(breaker.order);
    for (std::size_t i = 0; i < known.size(); ++i) {
        const LineageEdge& edge = known[i];
        if (breaker.closes[i]) {
            addProblem(m_nodes[edge.child].name + " is said to come from " + m_nodes[edge.parent].name +
                       ", which comes from it: that link is left out");
            continue;
        }
        m_up[edge.child].push_back(m_edges.size());
        m_down[edge.parent].push_back(m_edges.size());
        m_edges.push_back(edge);
    }
}

LineageGraph LineageGraph::part(const std::set<std::size_t>& nodes) const {
    std::vector<LineageNode> kept;
    std::unordered_map<std::size_t, std::size_t> place;
    for (const std::size_t node : nodes) {
        place[node] = kept.size();
        kept.push_back(m_nodes[node]);
    }
    std::vector<LineageEdge> between;
    for (LineageEdge edge : m_edges) {
        if (!place.contains(edge.parent) || !place.contains(edge.child)) continue;
        edge.parent = place[edge.parent];
        edge.child = place[edge.child];
        between.push_back(edge);
    }
    return {std::move(kept), between};
}

std::optional<std::size_t> LineageGraph::find(const std::string& key) const {
    const auto found = m_byKey.find(key);
    return found == m_byKey.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::size_t> LineageGraph::reach(std::size_t node, bool onlyWeights, bool up) const {
    std::vector<std::size_t> found{node};
    std::vector<bool> seen(m_nodes.size(), false);
    seen[node] = true;
    for (std::size_t i = 0; i < found.size(); ++i)
        for (const std::size_t each : up ? m_up[found[i]] : m_down[found[i]]) {
            const LineageEdge& edge = m_edges[each];
            const std::size_t next = up ? edge.parent : edge.child;
            if (seen[next] || (onlyWeights && !carriesWeights(edge.kind))) continue;
            seen[next] = true;
            found.push_back(next);
        }
    return found;
}

std::vector<std::size_t> LineageGraph::ancestors(std::size_t node, bool onlyWeights) const {
    std::vector<std::size_t> found = reach(node, onlyWeights, true);
    found.erase(found.begin());
    return found;
}

std::vector<std::size_t> LineageGraph::descendants(std::size_t node, bool onlyWeights) const {
    std::vector<std::size_t> found = reach(node, onlyWeights, false);
    found.erase(found.begin());
    return found;
}

std::vector<std::size_t> LineageGraph::commonAncestors(const std::vector<std::size_t>& nodes,
                                                       bool onlyWeights) const {
    std::vector<std::size_t> count(m_nodes.size(), 0);
    for (const std::size_t node : nodes)
        for (const std::size_t each : reach(node, onlyWeights, true)) ++count[each];
    // From the youngest on: what a common ancestor itself comes from is farther away.
    std::vector<std::size_t> nearest;
    std::vector<bool> farther(m_nodes.size(), false);
    for (auto node = m_order.rbegin(); node != m_order.rend(); ++node) {
        if (nodes.empty() || count[*node] < nodes.size() || farther[*node]) continue;
        nearest.push_back(*node);
        for (const std::size_t each : ancestors(*node, onlyWeights)) farther[each] = true;
    }
    return nearest;
}

std::vector<std::size_t> LineageGraph::path(std::size_t from, std::size_t to) const {
    constexpr int unknown = -1;
    std::vector<int> cost(m_nodes.size(), unknown);
    std::vector<std::size_t> before(m_nodes.size(), from);
    using Step = std::pair<int, std::size_t>;
    std::priority_queue<Step, std::vector<Step>, std::greater<>> open;
    open.emplace(0, from);
    cost[from] = 0;
    while (!open.empty()) {
        const auto [soFar, node] = open.top();
        open.pop();
        if (soFar > cost[node]) continue;
        for (const auto* edges : {&m_up[node], &m_down[node]})
            for (const std::size_t each : *edges) {
                const LineageEdge& edge = m_edges[each];
                const std::size_t next = edge.parent == node ? edge.child : edge.parent;
                const int total = soFar + (carriesWeights(edge.kind) ? 1 : otherEdgeCost);
                if (cost[next] != unknown && cost[next] <= total) continue;
                cost[next] = total;
                before[next] = node;
                open.emplace(total, next);
            }
    }
    if (cost[to] == unknown) return {};
    std::vector<std::size_t> way{to};
    while (way.back() != from) way.push_back(before[way.back()]);
    std::reverse(way.begin(), way.end());
    return way;
}

}  // namespace retort
