// Policies that are looked at and not trained: the reference of a KL term, and a teacher.
#pragma once

#include <filesystem>
#include <memory>

#include "training/recipes/recipe.h"

namespace retort {

/// The policy that the run started from, kept in the run's folder "reference" for its resumes. Call it before
/// the first update of the weights.
std::shared_ptr<CausalLM> openReference(const TrainerParts& parts, const RunSession& session);

/// reference := alpha · policy + (1 - alpha) · reference (TRL's sync_ref_model, #80's moving anchor).
void mixInto(CausalLM& reference, const CausalLM& policy, double alpha);

/// A checkpoint whose tokens are those of the run's tokenizer. Throws Error where they are not.
std::shared_ptr<CausalLM> openTeacher(const TrainerParts& parts, const std::filesystem::path& folder);

}  // namespace retort
