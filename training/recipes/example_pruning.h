// Which of the examples are worth learning (methods.md #42): chosen once, before the first step.
#pragma once

#include "training/recipes/recipe.h"

namespace retort {

/// Leaves each source distillation.keep_share of its examples, those of the highest score (example_scores.h).
/// The choice is kept in the run's folder for its resumes. False when a stop came first: nothing is chosen
/// then. Throws Error.
bool pruneExamples(TrainerParts& parts, RunSession& session);

}  // namespace retort
