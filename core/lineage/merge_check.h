// Whether the weights of checkpoints may be added up: the same architecture and shapes, the same tokenizer,
// and a common ancestor, from which their differences are task vectors.
#pragma once

#include <string>
#include <vector>

#include "core/lineage/checkpoint_facts.h"
#include "core/lineage/lineage_graph.h"

namespace retort {

struct MergeFinding {
    enum class Severity {
        Error,    ///< cannot be merged in weight space
        Warning,  ///< can be, with little hope or at one's own risk
        Note,     ///< good to know
    } severity = Severity::Note;
    std::string text;  ///< one plain sentence
    std::string hint;  ///< what to do; may be empty

    bool operator==(const MergeFinding&) const = default;
};

/// Errors first. `facts[i]` are those of `paths[i]`, which need not be nodes of the graph.
std::vector<MergeFinding> checkMergeable(const LineageGraph& graph,
                                         const std::vector<CheckpointFacts>& facts);
/// Reads the facts, too.
std::vector<MergeFinding> checkMergeable(const LineageGraph& graph, const std::vector<std::string>& paths);

}  // namespace retort
