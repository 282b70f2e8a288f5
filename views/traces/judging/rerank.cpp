#include "views/traces/judging/rerank.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <tuple>

#include "core/analysis/estimators.h"
#include "core/util/random.h"

namespace retort {

namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

double voteOf(const ScoredProblem& problem, const std::vector<std::size_t>& chosen) {
    struct Vote {
        double weight = 0;
        bool right = false;
    };
    std::map<std::string, Vote> votes;
    double most = 0;
    for (const std::size_t i : chosen) {
        const double score = problem.scores[i];
        if (problem.answers[i].empty() || !(score > 0)) continue;
        Vote& vote = votes[problem.answers[i]];
        vote.weight += score;
        vote.right = vote.right || problem.correct[i];
        most = std::max(most, vote.weight);
    }
    double winners = 0, right = 0;
    for (const auto& [answer, vote] : votes) {
        if (vote.weight < most * (1 - 1e-12)) continue;  // sums of the same scores in another order
        winners += 1;
        right += vote.right;
    }
    return winners == 0 ? 0 : right / winners;
}

double mean(const std::vector<double>& values) {
    return values.empty() ? kNothing
                          : std::accumulate(values.begin(), values.end(), 0.0) / double(values.size());
}

}  // namespace

double answerScore(const StepLane& lane, StepScore rule) {
    double least = std::numeric_limits<double>::infinity(), last = kNothing, sum = 0, product = 1;
    std::int64_t count = 0;
    for (const StepJudgement& step : lane.steps) {
        if (!step.value && !step.rating) continue;
        const double value = step.value ? *step.value : (double(*step.rating) + 1) / 2;
        if (!std::isfinite(value)) continue;
        least = std::min(least, value);
        last = value;
        sum += value;
        product *= value;
        ++count;
    }
    if (count == 0) return kNothing;
    switch (rule) {
        case StepScore::Min:
            return least;
        case StepScore::Last:
            return last;
        case StepScore::Mean:
            return sum / double(count);
        case StepScore::Product:
            return product;
    }
    return kNothing;
}

double weightedVoteAtK(const ScoredProblem& problem, std::int64_t k, std::uint64_t seed, std::int64_t draws) {
    const auto count = static_cast<std::int64_t>(problem.answers.size());
    if (k < 1 || k > count) return kNothing;
    std::vector<std::size_t> order(static_cast<std::size_t>(count));
    std::iota(order.begin(), order.end(), std::size_t(0));
    if (k == count) return voteOf(problem, order);
    Random random(seed);
    double sum = 0;
    for (std::int64_t draw = 0; draw < draws; ++draw) {
        for (std::int64_t i = 0; i < k; ++i) {
            const auto other = i + random.integer(0, count - i - 1);
            std::swap(order[static_cast<std::size_t>(i)], order[static_cast<std::size_t>(other)]);
        }
        sum += voteOf(problem, {order.begin(), order.begin() + static_cast<std::ptrdiff_t>(k)});
    }
    return sum / double(draws);
}

std::vector<RerankRow> rerank(const std::vector<ScoredProblem>& problems, std::uint64_t seed) {
    std::int64_t most = 0;
    for (const ScoredProblem& problem : problems)
        most = std::max(most, static_cast<std::int64_t>(problem.answers.size()));
    std::vector<RerankRow> rows;
    for (std::int64_t n = 1; n <= most; n *= 2) {
        std::vector<double> pass, first, majority, bestOf, weighted, gain;
        for (const ScoredProblem& problem : problems) {
            const auto count = static_cast<std::int64_t>(problem.answers.size());
            if (count < n) continue;
            const auto right = std::count(problem.correct.begin(), problem.correct.end(), true);
            pass.push_back(passAtK(count, right, n));
            first.push_back(double(right) / double(count));
            majority.push_back(majorityAtK(problem.answers, problem.correct, n, seed));
            bestOf.push_back(bestOfK(problem.scores, problem.correct, n));
            weighted.push_back(weightedVoteAtK(problem, n, seed));
            gain.push_back(bestOf.back() - majority.back());
        }
        // bootstrapInterval() is of means of any values.
        const Interval interval = bootstrapInterval(gain, 1000, seed);
        rows.push_back({n, static_cast<std::int64_t>(pass.size()), mean(pass), mean(first), mean(majority),
                        mean(bestOf), mean(weighted), interval.low, interval.high});
    }
    return rows;
}

std::vector<ScoredProblem> scoredProblems(const std::vector<std::pair<std::int64_t, Trace>>& runsAndTraces,
                                          LaneKind kind, const std::string& name, StepScore rule) {
    std::map<std::tuple<std::int64_t, std::int64_t, std::string, std::string>, ScoredProblem> problems;
    for (const auto& [run, trace] : runsAndTraces) {
        const auto lane = std::find_if(trace.lanes.begin(), trace.lanes.end(), [&](const StepLane& each) {
            return each.kind == kind && each.name == name;
        });
        if (lane == trace.lanes.end() || trace.branch) continue;
        const double score = answerScore(*lane, rule);
        if (!std::isfinite(score)) continue;
        const std::string& id = trace.problemId.empty() ? trace.prompt : trace.problemId;
        ScoredProblem& problem = problems[{run, trace.step, trace.phase, id}];
        problem.id = id;
        problem.answers.push_back(trace.extracted);
        problem.correct.push_back(trace.correct);
        problem.scores.push_back(score);
    }
    std::vector<ScoredProblem> all;
    for (auto& [key, problem] : problems) all.push_back(std::move(problem));
    return all;
}

}  // namespace retort
