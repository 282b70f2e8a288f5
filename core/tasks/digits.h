// Natural numbers as texts of decimal digits, of any length, and the ways in which tasks write them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/config/parameter.h"
#include "core/util/random.h"

namespace retort {

/// How a task writes its numbers; from its parameters `format` and `reverse_operands`.
struct NumberStyle {
    bool worked = false;          ///< the completion shows the working
    bool reversedAnswer = false;  ///< least significant digit first
    bool reversedOperands = false;

    static std::vector<Parameter> parameters();
    static NumberStyle from(const Json& values);

    std::string operand(std::string_view number) const;
    std::string answer(std::string_view number) const;
};

inline std::string reversed(std::string_view text) {
    return {text.rbegin(), text.rend()};
}
inline bool isDigit(char c) {
    return c >= '0' && c <= '9';
}
/// Not empty, digits only.
bool allDigits(std::string_view text);
/// As long as `form`, with a digit wherever the form has '0' and the form's own character elsewhere.
bool hasForm(std::string_view text, std::string_view form);
/// Without leading zeros; "0" for zero.
std::string canonicalNumber(std::string_view digits);
/// 0 to 99 as a scratchpad writes what a column comes to: carry, then digit.
std::string twoDigits(int value);
/// Uniform among the numbers of exactly `digits` digits (0 to 9 for one).
std::string randomNumber(Random& random, std::int64_t digits);
/// The digit at `place` (0: units) of a number written most significant digit first; 0 beyond it.
int digitAt(std::string_view number, std::size_t place);

}  // namespace retort
