// The ancestry of checkpoints as a graph: nodes are checkpoints, edges lead from a parent to what came from
// it. Always acyclic: an edge that would close a cycle (only wrong records can) is left out and reported.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "core/lineage/lineage_record.h"

namespace retort {

struct LineageNode {
    enum class Kind {
        Run,      ///< a checkpoint of a run, or a run that has none yet
        Folder,   ///< a checkpoint folder outside of runs
        Adapter,  ///< a PEFT adapter's folder
        Hub,      ///< a name on a hub: not on this disk
        Missing,  ///< a folder that is no longer there
    } kind = Kind::Folder;
    std::string key;   ///< unique and stable: the path, "run:<uuid>" (no checkpoint yet), "hub:<org/name>"
    std::string name;  ///< of the run or folder
    std::string path;  ///< absolute; empty: none
    std::string hash;  ///< contentHash(), where somebody computed it and the files are still the same
    std::int64_t run = 0;  ///< row of the store; 0: none
    std::string runId, recipe, state, study;
    std::string method;  ///< of a merge
    std::int64_t step = 0;
    bool isLast = true;                    ///< the run's last checkpoint
    std::vector<std::int64_t> otherSteps;  ///< the run's checkpoints that are no nodes, told at the last one
    double created = 0;                    ///< Unix time, s
    std::string source;                    ///< the file that tells a folder's parents
    std::string problem;                   ///< why they could not be read
    std::vector<std::pair<std::string, double>> accuracies;  ///< by evaluation set, of this checkpoint

    /// Mean over the sets; nothing where it was not evaluated.
    std::optional<double> accuracy() const;
    bool operator==(const LineageNode&) const = default;
};

struct LineageEdge {
    std::size_t parent = 0, child = 0;  ///< indices of nodes
    LineageKind kind = LineageKind::Trained;
    std::optional<double> weight;
    bool isBase = false;
    std::string detail;
    bool operator==(const LineageEdge&) const = default;
};

class LineageGraph {
  public:
    LineageGraph() = default;
    /// Edges between unknown nodes and of a node to itself are left out, as those that close a cycle.
    LineageGraph(std::vector<LineageNode> nodes, const std::vector<LineageEdge>& edges);

    const std::vector<LineageNode>& nodes() const { return m_nodes; }
    const std::vector<LineageEdge>& edges() const { return m_edges; }
    /// What was wrong with the records, in sentences.
    const std::vector<std::string>& problems() const { return m_problems; }
    void addProblem(std::string problem) { m_problems.push_back(std::move(problem)); }

    /// The graph of these nodes alone, with the edges between them.
    LineageGraph part(const std::set<std::size_t>& nodes) const;

    /// By key; nothing when there is none.
    std::optional<std::size_t> find(const std::string& key) const;
    /// Edges by index, in the order of edges().
    const std::vector<std::size_t>& edgesToParents(std::size_t node) const { return m_up[node]; }
    const std::vector<std::size_t>& edgesToChildren(std::size_t node) const { return m_down[node]; }
    /// Every parent before its children.
    const std::vector<std::size_t>& topologicalOrder() const { return m_order; }

    /// Without the node itself, nearest first; `onlyWeights` leaves teachers and judges out.
    std::vector<std::size_t> ancestors(std::size_t node, bool onlyWeights = false) const;
    std::vector<std::size_t> descendants(std::size_t node, bool onlyWeights = false) const;
    /// Those that all of `nodes` come from (a node counts as its own ancestor) and that no other of them
    /// comes from: the nearest. Empty: none is known.
    std::vector<std::size_t> commonAncestors(const std::vector<std::size_t>& nodes,
                                             bool onlyWeights = true) const;
    /// The shortest way along edges in any direction, both ends included; edges that carry weights are
    /// preferred (a detour of up to ten of them to one other). Empty: they are not related.
    std::vector<std::size_t> path(std::size_t from, std::size_t to) const;

  private:
    void link(const std::vector<LineageEdge>& edges);
    std::vector<std::size_t> reach(std::size_t node, bool onlyWeights, bool up) const;

    std::vector<LineageNode> m_nodes;
    std::vector<LineageEdge> m_edges;
    std::vector<std::vector<std::size_t>> m_up, m_down;
    std::vector<std::size_t> m_order;
    std::vector<std::string> m_problems;
    std::unordered_map<std::string, std::size_t> m_byKey;
};

}  // namespace retort
