// From what is written down (links to names) to the graph: names are resolved to checkpoints of runs and to
// folders.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "core/lineage/lineage_graph.h"
#include "core/lineage/lineage_sources.h"

namespace retort {

struct LineageRun {
    std::int64_t id = 0;
    std::string uuid, name, recipe, state, study, directory;
    std::string parentRun;  ///< uuid of the run that model.from lies in; empty: none
    double created = 0;
    struct Checkpoint {
        std::int64_t step = 0;
        std::string path;  ///< absolute
        double t = 0;
    };
    std::vector<Checkpoint> checkpoints;  ///< by rising step
    struct Evaluation {
        std::int64_t step = 0;
        std::string set;
        double accuracy = 0;
    };
    std::vector<Evaluation> evaluations;
    std::vector<LineageLink> links;
};

struct LineageFolder {
    std::string path;
    FolderLineage::State state = FolderLineage::State::Missing;
    std::string method, source, problem;
    double created = 0;
    std::vector<LineageLink> links;
};

struct LineageInput {
    std::vector<LineageRun> runs;  ///< the oldest first
    std::vector<LineageFolder> folders;
    std::unordered_map<std::string, std::string> hashes;  ///< path -> contentHash()
};

/// A run is its last checkpoint, and those before it that something came from, one after the other
/// ("resumed"). Runs that only evaluate are none: what they measured is told at the checkpoint. A parent that
/// moved is found again by its run (its directory's name, or the parent that run.json names) or by its
/// content hash.
LineageGraph buildLineage(const LineageInput& input);

}  // namespace retort
