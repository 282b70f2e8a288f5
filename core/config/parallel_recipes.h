// What more than one process can train. The others are refused: a result that depends on the number of ranks
// would be wrong without a word.
#pragma once

#include "core/config/run_config.h"

namespace retort {

/// Throws Error naming the parameter that `ranks` processes cannot do; one can do all.
void requireParallelRecipe(const RunConfig& config, int ranks);

}  // namespace retort
