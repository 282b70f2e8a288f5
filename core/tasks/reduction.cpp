#include "core/tasks/reduction.h"

#include <algorithm>

namespace retort {
namespace {

// Of the operations that remain after the root's, each side gets at least what its depth needs.
std::string drawOperand(Random& random, const ReductionRules& rules, int depth, int operations) {
    std::string operand;
    if (rules.negation && random.integer(0, 3) == 0) operand = '!';
    if (depth == 0) return operand.append(rules.literal(random));
    return operand.append("(").append(drawExpression(random, rules, depth, operations)).append(")");
}

// The end of the value that begins at `begin`.
std::size_t valueEnd(std::string_view text, std::size_t begin, const ReductionRules& rules) {
    std::size_t end = begin;
    if (rules.signedValues && end < text.size() && text[end] == '-') ++end;
    while (end < text.size() && rules.isValueCharacter(text[end])) ++end;
    return end;
}

struct Redex {
    std::size_t begin = 0, end = 0;
    std::string value;
};

// The operation `v?v` at `begin`, closed by ')' or the end of the text.
std::optional<Redex> binaryAt(std::string_view text, std::size_t begin, const ReductionRules& rules) {
    const std::size_t sign = valueEnd(text, begin, rules);
    if (sign == begin || sign >= text.size() || rules.signs.find(text[sign]) == std::string::npos)
        return std::nullopt;
    const std::size_t end = valueEnd(text, sign + 1, rules);
    if (end == sign + 1) return std::nullopt;
    auto value =
        rules.apply(text.substr(begin, sign - begin), text[sign], text.substr(sign + 1, end - sign - 1));
    if (!value) return std::nullopt;
    return Redex{begin, end, std::move(*value)};
}

std::optional<Redex> redexAt(std::string_view text, std::size_t i, const ReductionRules& rules) {
    if (rules.negation && text[i] == '!' && i + 1 < text.size() && (text[i + 1] == 'T' || text[i + 1] == 'F'))
        return Redex{i, i + 2, text[i + 1] == 'T' ? "F" : "T"};
    if (text[i] == '(') {
        auto redex = binaryAt(text, i + 1, rules);
        if (!redex || redex->end >= text.size() || text[redex->end] != ')') return std::nullopt;
        redex->begin = i;
        ++redex->end;
        return redex;
    }
    if (i != 0) return std::nullopt;
    const auto redex = binaryAt(text, 0, rules);  // the root, without parentheses
    return redex && redex->end == text.size() ? redex : std::nullopt;
}

}  // namespace

std::string drawExpression(Random& random, const ReductionRules& rules, int depth, int operations) {
    const int deep = depth - 1;
    // The other side is a value in half of the cases, so that chains and trees both occur.
    int other = 0;
    int spare = operations - 1 - deep;
    if (spare > 0 && deep > 0 && random.integer(0, 1) == 1)
        other = int(random.integer(1, std::min(deep, spare)));
    const int toOther = other == 0 ? 0 : int(random.integer(other, spare));
    std::string left = drawOperand(random, rules, deep, operations - 1 - toOther);
    std::string right = drawOperand(random, rules, other, toOther);
    if (random.integer(0, 1) == 1) std::swap(left, right);
    const char sign = rules.signs[std::size_t(random.integer(0, std::int64_t(rules.signs.size()) - 1))];
    return left + sign + right;
}

std::optional<std::string> reduceOnce(std::string_view expression, const ReductionRules& rules) {
    for (std::size_t i = 0; i < expression.size(); ++i) {
        const auto redex = redexAt(expression, i, rules);
        if (!redex) continue;
        std::string reduced(expression.substr(0, redex->begin));
        return reduced.append(redex->value).append(expression.substr(redex->end));
    }
    return std::nullopt;
}

std::vector<std::string> reduceAll(const std::string& expression, const ReductionRules& rules) {
    std::vector<std::string> steps;
    std::optional<std::string> next = reduceOnce(expression, rules);
    while (next) {
        steps.push_back(*next);
        next = reduceOnce(steps.back(), rules);
    }
    return steps;
}

}  // namespace retort
