// Syntax trees to answers: labels, units, signs ±, intervals, inequalities.
#pragma once

#include "core/answers/answer.h"
#include "core/answers/node.h"

namespace retort::answers {

/// Throws Error when the tree has no meaning as an answer.
Answer interpreted(const Node& node, Algebra& algebra);

}  // namespace retort::answers
