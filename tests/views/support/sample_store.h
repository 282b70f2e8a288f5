// Fills a store with runs as trainers write them (run directories, event logs, ingestion), for tests of the
// views and for screenshots. The numbers are made up; nothing of this is shipped.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/store/rows.h"

namespace retort::sample {

struct Options {
    int runs = 1;
    int steps = 300;        ///< optimizer steps of each run
    int tracesPerRun = 32;  ///< in groups of 4
    bool lastIsRunning = false;
    std::uint64_t seed = 1;
};

/// Alternates supervised and GRPO runs over a few studies; every fifth has an unlucky end. Run directories go
/// to `store`'s folder/runs. Returns the runs' ids in order of their making.
std::vector<RowId> fillStore(const std::filesystem::path& store, const Options& options = {});

}  // namespace retort::sample
