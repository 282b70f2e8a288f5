// What measures merges for the window (training/api/merge_bench.h).
#pragma once

#include <memory>
#include <stop_token>

#include "training/api/merge_bench.h"

namespace retort {

/// Opens the recipe's models, and rows and problems of the tasks. Throws Error.
std::unique_ptr<MergeBench> openMergeBenchSession(const MergeBenchRequest& request, std::stop_token stop);

}  // namespace retort
