// ProcessBench (#207; Zheng et al., arXiv 2412.06559): does a judge find the first wrong step, and leave
// right solutions alone? Any judge that rates or scores steps can be asked: a process reward model, a critic,
// Monte Carlo, a person.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/traces/trace.h"

namespace retort {

/// One solution: its first wrong step by the reference and by the judge, -1: no step is wrong.
struct ProcessBenchItem {
    std::string split;  ///< "gsm8k"
    std::int64_t label = -1;
    std::optional<std::int64_t>
        prediction;  ///< absent: the judge gave none (an answer without \boxed), which is wrong
};

struct ProcessBenchScore {
    std::string split;
    std::int64_t erroneous = 0, correct = 0;  ///< solutions with and without an error
    double erroneousAccuracy = 0;  ///< % of the erroneous ones with exactly that step; NaN without any
    double correctAccuracy = 0;    ///< % of the others with -1; NaN without any
    double f1 = 0;                 ///< %; NaN where one of the two is
};

/// Harmonic mean of two percentages; 0 where both are (the reference script divides by zero).
double processBenchF1(double erroneousAccuracy, double correctAccuracy);

/// One score a split, in the order in which they first come.
std::vector<ProcessBenchScore> processBenchScores(const std::vector<ProcessBenchItem>& items);
/// The mean of the splits' numbers (where they are not NaN), and the sums of their counts; its split is
/// "average".
ProcessBenchScore averageScore(const std::vector<ProcessBenchScore>& scores);

/// The first error that a lane tells, as an index of `steps` (its own judgements, where there are no steps);
/// -1: none. Where a lane has ratings: the first -1. Else, Monte Carlo: the first position from which no
/// rollout was right; others: the first value below `threshold`. What is said of no step (of the answer) does
/// not count. Absent for a lane that says nothing.
std::optional<std::int64_t> firstErrorOf(const StepLane& lane, const std::vector<TraceStep>& steps,
                                         double threshold = 0.5);

/// Whether a lane's first error depends on a threshold.
bool needsThreshold(const StepLane& lane);

/// Of a solution that the threshold is chosen on.
struct ScoredSolution {
    std::vector<double> scores;  ///< of its steps
    std::int64_t label = -1;
};

struct ThresholdChoice {
    double threshold = 0.5;
    double f1 = 0;  ///< on these solutions
};

/// The threshold of the highest F1, of at most `candidates` spread evenly over the scores that occur; the
/// middle one of equals. 0.5 where no solution has a score, or one of the two classes is missing.
ThresholdChoice chooseThreshold(const std::vector<ScoredSolution>& solutions, std::size_t candidates = 512);

}  // namespace retort
