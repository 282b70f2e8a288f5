#include "core/tasks/digits.h"

#include <algorithm>

#include "core/tasks/task_parameters.h"

namespace retort {

std::vector<Parameter> NumberStyle::parameters() {
    return {
        choiceParameter(
            "format", "reversed_scratchpad", {"plain", "reversed", "scratchpad", "reversed_scratchpad"},
            "How numbers are written: reversed puts the least significant digit first, scratchpad "
            "shows the working digit by digit"),
        boolParameter("reverse_operands", true,
                      "In the reversed formats, write the operands least significant digit first as well")};
}

NumberStyle NumberStyle::from(const Json& values) {
    const std::string format = values["format"];
    NumberStyle style;
    style.worked = format.ends_with("scratchpad");
    style.reversedAnswer = format.starts_with("reversed");
    style.reversedOperands = style.reversedAnswer && values["reverse_operands"].get<bool>();
    return style;
}

std::string NumberStyle::operand(std::string_view number) const {
    return reversedOperands ? reversed(number) : std::string(number);
}

std::string NumberStyle::answer(std::string_view number) const {
    return reversedAnswer ? reversed(number) : std::string(number);
}

bool allDigits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), isDigit);
}

bool hasForm(std::string_view text, std::string_view form) {
    return std::equal(text.begin(), text.end(), form.begin(), form.end(),
                      [](char c, char expected) { return expected == '0' ? isDigit(c) : c == expected; });
}

std::string canonicalNumber(std::string_view digits) {
    const std::size_t first = digits.find_first_not_of('0');
    return first == std::string_view::npos ? "0" : std::string(digits.substr(first));
}

std::string twoDigits(int value) {
    return {char('0' + value / 10), char('0' + value % 10)};
}

std::string randomNumber(Random& random, std::int64_t digits) {
    std::string number;
    for (std::int64_t i = 0; i < digits; ++i)
        number += char('0' + random.integer(i == 0 && digits > 1 ? 1 : 0, 9));
    return number;
}

int digitAt(std::string_view number, std::size_t place) {
    return place < number.size() ? number[number.size() - 1 - place] - '0' : 0;
}

}  // namespace retort
