// What a judge's scores are worth at test time: of N answers to a problem, is the best scored one (or the
// answer with the most score behind it) right more often than the most frequent one?
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/traces/trace.h"

namespace retort {

/// How the scores of the steps become one of the answer.
enum class StepScore { Min, Last, Mean, Product };

/// Of the values of a lane (ratings where there are none: 1 right, 0 wrong, ½ neutral); NaN: nothing is said.
double answerScore(const StepLane& lane, StepScore rule);

/// The answers to one problem that a judge has scored.
struct ScoredProblem {
    std::string id;
    std::vector<std::string> answers;  ///< extracted; empty: none
    std::vector<bool> correct;
    std::vector<double> scores;
};

/// Right answers in share of problems at one N, each the mean over problems with at least N answers.
struct RerankRow {
    std::int64_t n = 0, problems = 0;
    double pass = 0;           ///< any of them is right: what a perfect judge would reach
    double first = 0;          ///< one of them at random
    double majority = 0;       ///< the most frequent answer
    double bestOf = 0;         ///< the best scored one
    double weighted = 0;       ///< the answer whose scores sum to most
    double low = 0, high = 1;  ///< 95 % of bestOf - majority, bootstrapped over problems
};

/// For N = 1, 2, 4 … up to the largest number of answers to a problem.
std::vector<RerankRow> rerank(const std::vector<ScoredProblem>& problems, std::uint64_t seed = 1);

/// weighted vote of `k` of the answers: over all when k is their number, else over `draws` random choices;
/// scores below 0 and NaN count as 0. Without a vote the problem is failed.
double weightedVoteAtK(const ScoredProblem& problem, std::int64_t k, std::uint64_t seed,
                       std::int64_t draws = 200);

/// Traces of a list by problem (and run and step: only samples of one policy are candidates of one choice),
/// with the scores of the lane of this kind and name; those without it are left out.
std::vector<ScoredProblem> scoredProblems(const std::vector<std::pair<std::int64_t, Trace>>& runsAndTraces,
                                          LaneKind kind, const std::string& name, StepScore rule);

}  // namespace retort
