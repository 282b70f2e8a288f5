// Values that reasoning derives: equations of numbers, and what a step comes out at.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace retort {

/// "3 * (4 + 1) = 15" in a text.
struct NumberEquation {
    std::size_t begin = 0, end = 0;
    bool holds = false;  ///< both sides are the same number
};

/// Equations whose left side is an expression of numbers with an operator and whose right side is a number,
/// of a chain "a = b = c" each pair. Sides that cannot be evaluated (letters, units, modular arithmetic that
/// says "mod") are no equation.
std::vector<NumberEquation> equationsIn(std::string_view text);

/// What stands behind the last "=" of a step (of several words there, their last number), else what a step
/// without blanks comes to: its last number, or all of it when it is short ("T"). Without closing
/// punctuation.
std::optional<std::string> derivedValue(std::string_view step);

/// The same number, or the same text but for blanks.
bool isSameValue(std::string_view a, std::string_view b);

}  // namespace retort
