// The terms that a reward can be composed of, as declarations (the variants of grpo.rewards). What they
// compute is in training/objectives/.
#pragma once

#include <vector>

#include "core/config/parameter.h"

namespace retort {

/// correctness, format, worked, step_accuracy, length …
const std::vector<ParameterVariant>& rewardVariants();

}  // namespace retort
