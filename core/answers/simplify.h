// Syntax trees to values.
#pragma once

#include "core/answers/algebra.h"
#include "core/answers/node.h"

namespace retort::answers {

/// The exact value of an expression. Throws Error for what is no expression (sets, relations, text, infinity,
/// `±`), for divisions by zero and for what is too large.
Value simplified(const Node& node, Algebra& algebra);

}  // namespace retort::answers
