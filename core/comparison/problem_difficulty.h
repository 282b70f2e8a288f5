// How hard a problem is, as far as its id says so.
#pragma once

#include <optional>
#include <string_view>

namespace retort {

/// What the levels of a task's difficulty count.
enum class DifficultyUnit {
    Digits,      ///< of the longest operand (addition, multiplication)
    Operations,  ///< operators in the expression (modular_chain, expression, boolean)
    Numbers,     ///< that are given or to be ordered (countdown, sorting)
};

struct ProblemDifficulty {
    DifficultyUnit unit = DifficultyUnit::Digits;
    int level = 0;
    bool operator==(const ProblemDifficulty&) const = default;
};

/// From the ids of the generated tasks (core/tasks/task.h: "addition:321+654"); nothing for others (files,
/// imports), whose ids are hashes or numbers.
std::optional<ProblemDifficulty> difficultyOf(std::string_view problemId);

/// "3 digits"
const char* unitName(DifficultyUnit unit);

}  // namespace retort
