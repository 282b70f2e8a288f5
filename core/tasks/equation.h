// Steps of the form `a?b=c`: an operation on two natural numbers and its result.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace retort {

struct Equation {
    std::int64_t left = 0, right = 0, result = 0;
    char sign = '+';
};

/// Closed grammar: digits, one of + - * /, digits, '=', digits, each number below 10^9; nothing else.
std::optional<Equation> parseEquation(std::string_view text);

}  // namespace retort
