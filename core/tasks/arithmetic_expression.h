// Exact evaluation of an arithmetic expression that a model wrote. A closed grammar, parsed by hand: nothing
// is ever handed to an interpreter.
//
//   expression = term {("+" | "-") term}      term = factor {("*" | "/") factor}
//   factor     = number | "(" expression ")"  number = digit {digit}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

/// In lowest terms; the denominator is positive.
struct Rational {
    std::int64_t numerator = 0, denominator = 1;

    bool operator==(const Rational&) const = default;
    std::string text() const;
};

struct EvaluatedExpression {
    std::string error;  ///< why it has no value; empty: it has
    Rational value;
    std::vector<std::int64_t> numbers;  ///< in the order in which they stand
};

/// Bounded: at most 512 characters, 64 levels of parentheses, numbers below 10^9; overflow is an error.
EvaluatedExpression evaluateExpression(std::string_view text);

}  // namespace retort
