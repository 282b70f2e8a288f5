// Evaluation of fully parenthesised expressions by rewriting: each step replaces the leftmost innermost
// operation by its value. What `expression` (integers) and `boolean` (truth values) share.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/util/random.h"

namespace retort {

/// The values and operations of a language whose compound expressions are `(v?v)` and, with `negation`, `!v`.
struct ReductionRules {
    /// The value of `left sign right`; nullopt: an operand is not a value of this language.
    std::function<std::optional<std::string>(std::string_view left, char sign, std::string_view right)> apply;
    /// A random value.
    std::function<std::string(Random& random)> literal;
    std::string signs;
    bool negation = false;      ///< `!T` is F and `!F` is T
    bool signedValues = false;  ///< a value may begin with '-'
    bool (*isValueCharacter)(char c) = nullptr;
};

/// An expression of exactly `depth` operations on its longest path (negations not counted) and at most
/// `operations` in all; the root has no parentheses.
std::string drawExpression(Random& random, const ReductionRules& rules, int depth, int operations);

/// `expression` with its leftmost innermost operation replaced by the value; nullopt when it holds none, or
/// is no expression at that place. Takes any text; linear time.
std::optional<std::string> reduceOnce(std::string_view expression, const ReductionRules& rules);

/// All rewritings down to the value.
std::vector<std::string> reduceAll(const std::string& expression, const ReductionRules& rules);

}  // namespace retort
