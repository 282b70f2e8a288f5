// What Fisher-weighted averaging and RegMean know of their models beside the weights, measured on training
// examples of a merge run's own tasks.
#pragma once

#include "core/config/run_config.h"
#include "training/merging/merge_recipe.h"
#include "training/recipes/run_session.h"

namespace retort {

/// Whether the recipe's method weighs by statistics (`fisher`, `regmean`) that it does not name for every
/// model.
bool wantsStatistics(const MergeRecipe& recipe);

/// Measures those that are missing on merge.calibration_examples of each task, into the run's `statistics`
/// folder, and names them in the recipe. False: a stop came first. Throws Error, also for a run without
/// tasks.
bool addStatistics(const RunConfig& config, RunSession& session, MergeRecipe& recipe);

}  // namespace retort
