// Which of the examples are worth learning (methods.md #42): chosen once, by the policy that the run starts
// from.
#pragma once

#include "training/recipes/recipe.h"

namespace retort {

/// Leaves each source distillation.keep_share of its examples: the highest by distillation.pruning ("loss":
/// mean cross entropy a token, "el2n": mean norm of p - target), or a random choice. The choice is kept in
/// the run's folder for its resumes.
void pruneExamples(TrainerParts& parts, RunSession& session);

}  // namespace retort
