// The recipe "merge": a run whose checkpoint of step 0 is made from others in weight space, and then
// evaluated like any.
#pragma once

#include "core/config/run_config.h"
#include "training/recipes/run_session.h"
#include "training/recipes/trainer_state.h"

namespace retort {

/// Writes the run's checkpoint of step 0 as config.merge.recipe says, unless an earlier attempt did, and says
/// so in the log. False: a stop came first, and there is none. Throws Error.
bool mergeIntoRun(const RunConfig& config, const TrainerState& state, RunSession& session);

}  // namespace retort
