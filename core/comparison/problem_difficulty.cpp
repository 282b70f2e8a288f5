#include "core/comparison/problem_difficulty.h"

#include <algorithm>

namespace retort {
namespace {

bool isDigit(char c) {
    return c >= '0' && c <= '9';
}

int longestNumber(std::string_view text) {
    int longest = 0, length = 0;
    for (const char c : text) {
        length = isDigit(c) ? length + 1 : 0;
        longest = std::max(longest, length);
    }
    return longest;
}

int numbersIn(std::string_view text) {
    int count = 0;
    for (std::size_t i = 0; i < text.size(); ++i)
        count += isDigit(text[i]) && (i == 0 || !isDigit(text[i - 1]));
    return count;
}

/// Signs between two values, and negations of truth values; a minus that belongs to a number is none.
int operatorsIn(std::string_view text) {
    int count = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char before = i == 0 ? '(' : text[i - 1];
        const bool afterValue = before == ')' || isDigit(before) || before == 'T' || before == 'F';
        count += text[i] == '!' ||
                 (afterValue && std::string_view("+-*/&|^>=").find(text[i]) != std::string_view::npos);
    }
    return count;
}

}  // namespace

std::optional<ProblemDifficulty> difficultyOf(std::string_view problemId) {
    const std::size_t colon = problemId.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::string_view kind = problemId.substr(0, colon), rest = problemId.substr(colon + 1);
    using Unit = DifficultyUnit;
    if (kind == "addition" || kind == "multiplication")
        return ProblemDifficulty{Unit::Digits, longestNumber(rest)};
    if (kind == "expression" || kind == "boolean")
        return ProblemDifficulty{Unit::Operations, operatorsIn(rest)};
    if (kind == "modular_chain")
        return ProblemDifficulty{Unit::Operations,
                                 operatorsIn(rest.substr(std::min(rest.find(':') + 1, rest.size())))};
    // The target is the last number of a countdown's id.
    if (kind == "countdown") return ProblemDifficulty{Unit::Numbers, std::max(numbersIn(rest) - 1, 0)};
    if (kind == "sorting")
        return ProblemDifficulty{Unit::Numbers, int(std::count_if(rest.begin(), rest.end(), isDigit))};
    return std::nullopt;
}

const char* unitName(DifficultyUnit unit) {
    switch (unit) {
        case DifficultyUnit::Digits:
            return "digits";
        case DifficultyUnit::Operations:
            return "operations";
        case DifficultyUnit::Numbers:
            return "numbers";
    }
    return "";
}

}  // namespace retort
