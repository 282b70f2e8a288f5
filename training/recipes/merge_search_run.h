// merge.search of the recipe "merge": the weights of the models are found on training examples of the run's
// tasks, and what was found is a recipe that can be merged again without them.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config/run_config.h"
#include "training/merging/merge_recipe.h"
#include "training/recipes/run_session.h"

namespace retort {

/// mergekit's YAML with the weights that merge.search found for the models of `recipe`. Every point tried is
/// logged as a step (search/score, search/loss/<task>, and where there are few, the weights) and kept in the
/// run's merge_search.jsonl; MAP's front is in its merge_front.json. Absent when a stop came. Throws Error.
std::optional<std::string> searchMergeRecipe(const RunConfig& config, const MergeRecipe& recipe,
                                             RunSession& session);

}  // namespace retort
