// One attempt of a run, from its directory to its end event.
#pragma once

#include <stop_token>

#include "core/runlog/run_directory.h"
#include "training/api/training_module.h"

namespace retort {

/// See TrainingModule::train.
TrainOutcome trainRun(RunDirectory run, bool resume, std::stop_token stop);

}  // namespace retort
