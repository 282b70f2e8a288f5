// A lab with a family of checkpoints: runs that start from each other, teachers, judges, adapters and merged
// folders, as their configurations and records tell it.
#pragma once

#include <filesystem>

namespace retort::sample {

struct LineageOptions {
    int runs = 12;
    int checkpoints = 3;  ///< of each run
    int merges = 6;       ///< folders outside of runs
};

/// Runs go to `store`'s folder/runs, merged folders to its folder/merged. With 150 runs and 150 merges: about
/// 500 nodes.
void fillLineage(const std::filesystem::path& store, const LineageOptions& options = {});

}  // namespace retort::sample
