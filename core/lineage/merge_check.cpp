#include "core/lineage/merge_check.h"

#include <algorithm>
#include <filesystem>
#include <set>

namespace retort {
namespace {

using Severity = MergeFinding::Severity;

std::string shapeText(const std::vector<std::int64_t>& shape) {
    std::string text = "[";
    for (const std::int64_t size : shape) text += (text.size() > 1 ? ", " : "") + std::to_string(size);
    return text + "]";
}

class Check {
  public:
    Check(const LineageGraph& graph, const std::vector<CheckpointFacts>& facts)
        : m_graph(graph), m_facts(facts) {}

    std::vector<MergeFinding> run() {
        if (m_facts.size() < 2) {
            add(Severity::Error, "A merge needs at least two checkpoints.");
            return m_found;
        }
        unreadable();
        if (m_found.empty()) {
            for (std::size_t i = 1; i < m_facts.size(); ++i) {
                shapes(m_facts[0], m_facts[i]);
                tokenizer(m_facts[0], m_facts[i]);
            }
            dtypes();
            hashes();
        }
        ancestors();
        std::stable_sort(m_found.begin(), m_found.end(), [](const MergeFinding& a, const MergeFinding& b) {
            return a.severity < b.severity;
        });
        return m_found;
    }

  private:
    void add(Severity severity, const std::string& text, const std::string& hint = {}) {
        m_found.push_back({severity, text, hint});
    }

    std::string nameOf(const CheckpointFacts& facts) const {
        const auto node = m_graph.find(facts.path);
        if (!node) return std::filesystem::path(facts.path).filename().string();
        const LineageNode& known = m_graph.nodes()[*node];
        return known.run != 0 ? known.name + " (step " + std::to_string(known.step) + ")" : known.name;
    }

    void unreadable() {
        for (const CheckpointFacts& facts : m_facts)
            if (facts.tensors.empty()) {
                add(Severity::Error, nameOf(facts) + " cannot be read: " +
                                         (facts.problems.empty() ? "no tensors" : facts.problems[0]) + ".");
            }
    }

    void shapes(const CheckpointFacts& a, const CheckpointFacts& b) {
        const std::string both = nameOf(a) + " and " + nameOf(b);
        if (a.architecture != b.architecture)
            return add(
                Severity::Error,
                both + " have different architectures: " + a.architecture + " and " + b.architecture + ".",
                "only models of one architecture can be merged");
        std::size_t missing = 0, differing = 0;
        std::string firstMissing, firstDiffering;
        const auto compare = [&](const CheckpointFacts& x, const CheckpointFacts& y, bool withShapes) {
            for (const auto& [name, tensor] : x.tensors) {
                const auto other = y.tensors.find(name);
                if (other == y.tensors.end()) {
                    if (missing++ == 0) firstMissing = name + " is not in " + nameOf(y);
                } else if (withShapes && tensor.shape != other->second.shape && differing++ == 0) {
                    firstDiffering =
                        name + " is " + shapeText(tensor.shape) + " and " + shapeText(other->second.shape);
                }
            }
        };
        compare(a, b, true);
        compare(b, a, false);
        if (differing > 0)
            add(Severity::Error,
                both + " differ in the shape of " + std::to_string(differing) +
                    " tensor(s): " + firstDiffering + ".",
                "passthrough (layer stacking) is the only method for models of different shapes");
        if (missing > 0)
            add(Severity::Error, both + " do not have the same tensors: " + firstMissing +
                                     (missing > 1 ? ", and " + std::to_string(missing - 1) + " more" : "") +
                                     ".");
    }

    void tokenizer(const CheckpointFacts& a, const CheckpointFacts& b) {
        const std::string both = nameOf(a) + " and " + nameOf(b);
        if (a.tokenizerHash.empty() || b.tokenizerHash.empty())
            add(Severity::Warning, "Whether " + both + " share their tokenizer is not known: " +
                                       (a.tokenizerHash.empty() ? nameOf(a) : nameOf(b)) + " has none.");
        else if (a.tokenizerHash != b.tokenizerHash)
            add(Severity::Error,
                both + " have different tokenizers: one row of their embeddings means two tokens.",
                "a merge needs one vocabulary; mergekit's tokenizer_source: union re-indexes the embeddings");
        else if (a.chatTemplateHash != b.chatTemplateHash)
            add(Severity::Note, both + " have different chat templates; the merged model gets one of them.");
    }

    void dtypes() {
        std::set<std::string> types;
        for (const CheckpointFacts& facts : m_facts) types.insert(facts.dtype);
        if (types.size() < 2) return;
        std::string list;
        for (const std::string& type : types) list += (list.empty() ? "" : " and ") + type;
        add(Severity::Note, "The weights are stored as " + list + "; sums are computed in float32.");
    }

    // The same weights twice are a weight twice as large, rarely what is meant.
    void hashes() {
        for (std::size_t i = 0; i < m_facts.size(); ++i)
            for (std::size_t k = i + 1; k < m_facts.size(); ++k) {
                const auto a = m_graph.find(m_facts[i].path), b = m_graph.find(m_facts[k].path);
                const bool same = m_facts[i].path == m_facts[k].path ||
                                  (a && b && !m_graph.nodes()[*a].hash.empty() &&
                                   m_graph.nodes()[*a].hash == m_graph.nodes()[*b].hash);
                if (same)
                    add(Severity::Warning,
                        nameOf(m_facts[i]) + " and " + nameOf(m_facts[k]) + " have the same weights.");
            }
    }

    void ancestors() {
        std::vector<std::size_t> nodes;
        std::string unknown;
        for (const CheckpointFacts& facts : m_facts) {
            if (const auto node = m_graph.find(facts.path))
                nodes.push_back(*node);
            else
                unknown += (unknown.empty() ? "" : ", ") + nameOf(facts);
        }
        const std::string hint =
            "task vectors are differences from a common ancestor; models trained from different beginnings "
            "rarely merge";
        if (!unknown.empty())
            return add(Severity::Warning,
                       "A common ancestor is not known: nothing is recorded about " + unknown + ".", hint);
        const auto common = m_graph.commonAncestors(nodes);
        if (common.empty())
            return add(Severity::Warning, "No common ancestor of these checkpoints is known.", hint);
        std::string names;
        for (const std::size_t node : common) {
            const LineageNode& known = m_graph.nodes()[node];
            names += (names.empty() ? "" : ", ") + known.name +
                     (known.run != 0 ? " (step " + std::to_string(known.step) + ")" : "");
        }
        add(Severity::Note, "Nearest common ancestor: " + names + ".");
    }

    const LineageGraph& m_graph;
    const std::vector<CheckpointFacts>& m_facts;
    std::vector<MergeFinding> m_found;
};

}  // namespace

std::vector<MergeFinding> checkMergeable(const LineageGraph& graph,
                                         const std::vector<CheckpointFacts>& facts) {
    return Check(graph, facts).run();
}

std::vector<MergeFinding> checkMergeable(const LineageGraph& graph, const std::vector<std::string>& paths) {
    std::vector<CheckpointFacts> facts;
    for (const std::string& path : paths) facts.push_back(readCheckpointFacts(path));
    return checkMergeable(graph, facts);
}

}  // namespace retort
