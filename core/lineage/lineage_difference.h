// What differs between two checkpoints: the way that joins them, the configurations of the runs along it, and
// what their folders hold.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "core/lineage/lineage_graph.h"

namespace retort {

struct LineageDifference {
    /// One step of the way from the first to the second checkpoint.
    struct Step {
        std::size_t from = 0, to = 0;  ///< nodes
        std::size_t edge = 0;          ///< of the graph
        bool forward = true;           ///< `to` came from `from`
    };
    struct Row {
        std::string group;                ///< "checkpoint", "recipe", "data", "configuration"
        std::string key;                  ///< "training.learning_rate", "tokenizer"
        std::vector<std::string> values;  ///< one a column; empty: has no such value
        bool operator==(const Row&) const = default;
    };
    std::vector<Step> way;            ///< empty: they are not related
    std::vector<std::size_t> common;  ///< nearest common ancestors
    std::vector<std::size_t>
        columns;            ///< nodes: the first, those on the way that have a configuration, the second
    std::vector<Row> rows;  ///< only what differs
    std::vector<std::string> problems;
};

/// The resolved configuration of a run; empty when there is none.
using ConfigOfRun = std::function<std::string(std::int64_t run)>;

/// Reads the heads of both checkpoints' files; takes as long as a tokenizer takes to load.
LineageDifference whatDiffers(const LineageGraph& graph, std::size_t first, std::size_t second,
                              const ConfigOfRun& configOf);

}  // namespace retort
