#include "core/traces/derived_values.h"

#include <algorithm>
#include <cctype>

#include "core/answers/answer_checker.h"
#include "core/tasks/arithmetic_expression.h"
#include "core/util/text.h"

namespace retort {
namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

bool isWordCharacter(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || static_cast<unsigned char>(c) >= 0x80;
}

bool isOperand(char c) {
    return isDigit(c) || c == '(' || c == ')' || c == ' ' || c == '+' || c == '-' || c == '*' || c == '/';
}

/// "×" and "·" as "*", "÷" as "/", thousands separators gone; positions are kept elsewhere.
struct Symbols {
    std::string text;
    std::vector<std::size_t> places;  ///< of each character in the original, and its end
};

Symbols plainSymbols(std::string_view text) {
    constexpr std::pair<std::string_view, char> signs[] = {{"×", '*'}, {"·", '*'},       {"÷", '/'},
                                                           {"−", '-'}, {"\\times", '*'}, {"\\cdot", '*'}};
    Symbols symbols;
    for (std::size_t i = 0; i < text.size();) {
        std::size_t length = 1;
        char sign = text[i];
        for (const auto& [written, meant] : signs)
            if (text.substr(i).starts_with(written)) {
                length = written.size();
                sign = meant;
            }
        const bool separates = sign == ',' && i > 0 && isDigit(text[i - 1]) && i + 3 < text.size() &&
                               isDigit(text[i + 1]) && isDigit(text[i + 2]) && isDigit(text[i + 3]);
        if (!separates) {
            symbols.text += sign;
            symbols.places.push_back(i);
        }
        i += length;
    }
    symbols.places.push_back(text.size());
    return symbols;
}

/// The numbers' side left of the "=" at `equals`: where it begins. It does not begin within a word or a
/// decimal.
std::optional<std::size_t> leftSide(std::string_view text, std::size_t equals) {
    std::size_t begin = equals;
    while (begin > 0 && isOperand(text[begin - 1])) --begin;
    const std::string_view goesOn = ".^_}\\";
    const bool isPart = begin > 0 && (isWordCharacter(text[begin - 1]) ||
                                      goesOn.find(text[begin - 1]) != std::string_view::npos);
    if (isPart && text[begin] != ' ') return std::nullopt;  // "2x3 + 4", "2.5 + 1"
    const std::size_t first = std::min(text.find_first_not_of(' ', begin), equals);
    if (first == equals) return std::nullopt;
    // "x + 3 + 4": what is in front belongs to it.
    const bool isSigned = text[first] == '-' && !isPart && first + 1 < equals && text[first + 1] != ' ';
    return isDigit(text[first]) || text[first] == '(' || isSigned ? std::optional(first) : std::nullopt;
}

std::optional<std::size_t> rightSide(std::string_view text, std::size_t equals) {
    std::size_t at = equals + 1;
    while (at < text.size() && text[at] == ' ') ++at;
    const std::size_t begin = at;
    if (at < text.size() && text[at] == '-') ++at;
    while (at < text.size() && isDigit(text[at])) ++at;
    if (at == begin || !isDigit(text[at - 1])) return std::nullopt;
    const char next = at < text.size() ? text[at] : ' ';
    const bool goesOn = isWordCharacter(next) || next == '^' || next == '_' || next == '\\' || next == '%';
    const bool isDecimal = next == '.' && at + 1 < text.size() && isDigit(text[at + 1]);
    // "= 3 * 4": an expression, which the next "=" evaluates.
    const std::size_t sign = text.find_first_not_of(' ', at);
    const bool isExpression =
        sign != std::string_view::npos && std::string_view("+-*/").find(text[sign]) != std::string_view::npos;
    if (goesOn || isDecimal || isExpression) return std::nullopt;
    return at;
}

/// Of a side as evaluateExpression() takes it: a sign in front becomes a subtraction from 0.
EvaluatedExpression valueOf(std::string_view side) {
    side = trimmed(side);
    std::string packed(side.starts_with('-') ? 1 : 0, '0');
    for (const char c : side)
        if (c != ' ') packed += c;
    return evaluateExpression(packed);
}

bool hasOperator(std::string_view side) {
    return side.find_first_of("+*/") != std::string_view::npos || side.find('-', 1) != std::string_view::npos;
}

std::string_view withoutPunctuation(std::string_view text) {
    text = trimmed(text);
    while (!text.empty() && std::string_view(".,;:!?$>*").find(text.back()) != std::string_view::npos)
        text = trimmed(text.substr(0, text.size() - 1));
    while (!text.empty() && (text.front() == '$' || text.front() == '*')) text = trimmed(text.substr(1));
    return text;
}

std::optional<std::string> lastNumber(std::string_view text) {
    std::size_t end = text.find_last_of("0123456789");
    if (end == std::string_view::npos) return std::nullopt;
    std::size_t begin = end++;
    while (begin > 0 && (isDigit(text[begin - 1]) || ((text[begin - 1] == '.' || text[begin - 1] == ',') &&
                                                      begin > 1 && isDigit(text[begin - 2]))))
        --begin;
    if (begin > 0 && text[begin - 1] == '-' && (begin == 1 || !isWordCharacter(text[begin - 2]))) --begin;
    std::string number(text.substr(begin, end - begin));
    std::erase(number, ',');
    return number;
}

}  // namespace

std::vector<NumberEquation> equationsIn(std::string_view text) {
    std::vector<NumberEquation> equations;
    if (text.find("mod") != std::string_view::npos) return equations;
    const Symbols symbols = plainSymbols(text);
    const std::string_view plain = symbols.text;
    for (std::size_t equals = plain.find('='); equals != std::string_view::npos;
         equals = plain.find('=', equals + 1)) {
        const auto begin = leftSide(plain, equals), end = rightSide(plain, equals);
        if (!begin || !end) continue;
        const std::string_view left = trimmed(plain.substr(*begin, equals - *begin));
        if (left.empty() || !hasOperator(left)) continue;
        const EvaluatedExpression a = valueOf(left), b = valueOf(plain.substr(equals + 1, *end - equals - 1));
        if (!a.error.empty() || !b.error.empty()) continue;
        equations.push_back({symbols.places[*begin], symbols.places[*end], a.value == b.value});
    }
    return equations;
}

std::optional<std::string> derivedValue(std::string_view step) {
    const std::string_view text = withoutPunctuation(step);
    if (text.empty()) return std::nullopt;
    if (const std::size_t equals = text.rfind('='); equals != std::string_view::npos) {
        const std::string_view value = withoutPunctuation(text.substr(equals + 1));
        // "x = 3 apples each": the number is the value.
        const bool isPlain = value.find(' ') == std::string_view::npos;
        if (isPlain && !value.empty()) return std::string(value);
        return lastNumber(value);
    }
    if (text.find(' ') != std::string_view::npos) return std::nullopt;  // words
    if (const auto number = lastNumber(text)) return number;
    return text.size() <= 8 ? std::optional(std::string(text)) : std::nullopt;
}

bool isSameValue(std::string_view a, std::string_view b) {
    a = withoutPunctuation(a);
    b = withoutPunctuation(b);
    return a == b || checkAnswer(a, b).correct;
}

}  // namespace retort
