// What the merge bench asks of training and core: the formulas, the measuring module, weights and lineage.
#pragma once

#include <filesystem>

#include "views/merge/bench_services.h"

namespace retort {

/// `store`: whose lineage is asked about common ancestors.
BenchServices makeBenchServices(const std::filesystem::path& store);

}  // namespace retort
