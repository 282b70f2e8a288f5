// A PEFT adapter into its base model: a checkpoint of its own.
#pragma once

#include "training/api/training_module.h"

namespace retort {

/// Throws Error; nothing is left behind at `out` then.
void mergeAdapter(const MergeAdapterRequest& request);

}  // namespace retort
