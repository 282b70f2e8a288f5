#include "core/tasks/equation.h"

#include <charconv>

#include "core/tasks/digits.h"

namespace retort {
namespace {

std::optional<std::int64_t> parseNumber(std::string_view text) {
    if (text.size() > 9 || !allDigits(text)) return std::nullopt;
    std::int64_t value = 0;
    std::from_chars(text.data(), text.data() + text.size(), value);
    return value;
}

}  // namespace

std::optional<Equation> parseEquation(std::string_view text) {
    const std::size_t sign = text.find_first_of("+-*/");
    const std::size_t equals = text.find('=');
    if (sign == std::string_view::npos || equals == std::string_view::npos || equals < sign)
        return std::nullopt;
    const auto left = parseNumber(text.substr(0, sign));
    const auto right = parseNumber(text.substr(sign + 1, equals - sign - 1));
    const auto result = parseNumber(text.substr(equals + 1));
    if (!left || !right || !result) return std::nullopt;
    return Equation{*left, *right, *result, text[sign]};
}

}  // namespace retort
