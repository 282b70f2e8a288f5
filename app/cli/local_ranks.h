// One run trained by several processes of this machine, started as torchrun starts them.
#pragma once

#include <stop_token>

#include "core/runlog/run_directory.h"
#include "training/api/training_module.h"

namespace retort::cli {

/// Starts `count` processes `retort-cli train-run` with RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR and
/// MASTER_PORT, and waits for all of them. A stop request reaches each as SIGTERM, and so does the end of
/// this process. When one fails, the others end by themselves; what has not after half a minute is killed. To
/// be called from the main thread. Throws Error, with the run's own reason where its log has one.
TrainOutcome trainByLocalRanks(const RunDirectory& run, bool resume, int count, const std::stop_token& stop);

/// Whether this process is a rank that trainByLocalRanks() started.
bool isLocalRank();

}  // namespace retort::cli
