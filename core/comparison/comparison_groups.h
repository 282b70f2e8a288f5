// A comparison by task and by difficulty: accuracies and paired differences within each group of problems.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/analysis/paired_tests.h"
#include "core/comparison/comparison.h"
#include "core/comparison/problem_difficulty.h"

namespace retort {

struct ProblemGroup {
    /// Where the difficulty comes from.
    enum class Kind {
        Task,       ///< all problems of one evaluation
        ProblemId,  ///< `level` of its own scale
        PassRate,   ///< `level` in quarters of the mean pass rate over the compared checkpoints: 0 never
                    ///< solved, 1 to 4 up to 25, 50, 75 and under 100 %, 5 always
    };
    Kind kind = Kind::Task;
    std::string task;
    int level = 0;
    DifficultyUnit unit = DifficultyUnit::Digits;
    std::vector<std::uint32_t> items;
};
/// "addition", "addition, 3 digits", "gsm8k, solved by 25 to 50 %"
std::string groupName(const ProblemGroup& group);

std::vector<ProblemGroup> groupsByTask(const Comparison& comparison);
/// Task by task, easy first. By the problems' ids where all of a task say how hard they are, else by the pass
/// rate: that is seen from the compared checkpoints themselves, so it sorts noise in, too, and the ends drift
/// towards the middle in a fresh evaluation.
std::vector<ProblemGroup> groupsByDifficulty(const Comparison& comparison);

struct GroupCell {
    double accuracy = 0;
    Interval interval;
    MeanEstimate
        delta;        ///< against the baseline, paired, 95 % by Student's t; nothing for the baseline itself
    double p = 1;     ///< as in the table of checkpoints
    double holm = 1;  ///< corrected for all cells of this table
    double meanTokens = 0;
};
/// [group][checkpoint]
std::vector<std::vector<GroupCell>> groupTable(const Comparison& comparison,
                                               const std::vector<ProblemGroup>& groups);

}  // namespace retort
