// Inequalities: solved to intervals where they are linear in one unknown, kept as relations otherwise.
#pragma once

#include "core/answers/answer.h"
#include "core/answers/node.h"

namespace retort::answers {

/// `label`: the name that stands alone on one side, or between two; may be empty. Throws Error for chains
/// that are not understood.
Answer inequality(const Node& relation, const std::string& label, Algebra& algebra);

}  // namespace retort::answers
