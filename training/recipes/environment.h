// The machine as a run's numbers depend on it.
#pragma once

#include "core/util/json.h"

namespace retort {

/// Processor, cores, instruction sets in use, LibTorch and OpenMP: what run.json keeps.
Json machineEnvironment();

/// The same with the measured rates of matrix multiplication (GFLOP/s, on all free cores): takes half a
/// second.
Json measuredEnvironment();

}  // namespace retort
