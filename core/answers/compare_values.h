// Single values: exact equality, decimals, percent, units.
#pragma once

#include "core/answers/compare.h"

namespace retort::answers {

Outcome accepted(std::string rule);
Outcome rejected(std::string rule, std::string reason);
/// A difference that a policy decides.
Outcome byPolicy(bool correct, std::string rule, std::string reason);

/// Both of kind Value.
Outcome compareValues(const Answer& prediction, const Answer& reference, const AnswerPolicy& policy,
                      Algebra& algebra);

/// Exact where possible, else at random points; takes no account of decimals.
Outcome compareExactly(const Value& a, const Value& b, Algebra& algebra);

}  // namespace retort::answers
