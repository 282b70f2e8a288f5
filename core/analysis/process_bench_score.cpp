#include "core/analysis/process_bench_score.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/traces/judged_steps.h"

namespace retort {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

double percent(std::int64_t hits, std::int64_t count) {
    return count == 0 ? none : 100.0 * double(hits) / double(count);
}

bool hasRatings(const StepLane& lane) {
    return std::any_of(lane.steps.begin(), lane.steps.end(),
                       [](const StepJudgement& step) { return step.rating.has_value(); });
}

/// The step that a judgement is about; -1: none of them.
std::int64_t stepOf(const StepLane& lane, std::size_t index, const std::vector<TraceStep>& steps) {
    return steps.empty() ? std::int64_t(index) : stepAt(steps, lane.steps[index].begin);
}

std::int64_t firstBelow(const std::vector<double>& scores, double threshold) {
    const auto found =
        std::find_if(scores.begin(), scores.end(), [&](double score) { return score < threshold; });
    return found == scores.end() ? -1 : found - scores.begin();
}

double f1At(const std::vector<ScoredSolution>& solutions, double threshold) {
    std::int64_t hits[2] = {0, 0}, counts[2] = {0, 0};
    for (const ScoredSolution& one : solutions) {
        const bool isCorrect = one.label < 0;
        ++counts[isCorrect];
        hits[isCorrect] += firstBelow(one.scores, threshold) == one.label;
    }
    return processBenchF1(percent(hits[0], counts[0]), percent(hits[1], counts[1]));
}

/// Places between neighbouring scores, and beyond the ends.
std::vector<double> candidatesFrom(const std::vector<ScoredSolution>& solutions, std::size_t most) {
    std::vector<double> scores;
    for (const ScoredSolution& one : solutions)
        for (const double score : one.scores)
            if (std::isfinite(score)) scores.push_back(score);
    std::sort(scores.begin(), scores.end());
    scores.erase(std::unique(scores.begin(), scores.end()), scores.end());
    if (scores.empty()) return {};
    std::vector<double> places = {scores.front()};  // nothing is below it
    for (std::size_t i = 1; i < scores.size(); ++i) places.push_back((scores[i - 1] + scores[i]) / 2);
    places.push_back(std::nextafter(scores.back(), std::numeric_limits<double>::infinity()));
    if (places.size() <= most) return places;
    std::vector<double> spread;
    for (std::size_t i = 0; i < most; ++i) spread.push_back(places[i * (places.size() - 1) / (most - 1)]);
    return spread;
}

}  // namespace

double processBenchF1(double erroneousAccuracy, double correctAccuracy) {
    const double sum = erroneousAccuracy + correctAccuracy;
    return sum == 0 ? 0 : 2 * erroneousAccuracy * correctAccuracy / sum;
}

std::vector<ProcessBenchScore> processBenchScores(const std::vector<ProcessBenchItem>& items) {
    std::vector<ProcessBenchScore> scores;
    std::vector<std::pair<std::int64_t, std::int64_t>> hits;
    for (const ProcessBenchItem& item : items) {
        auto found = std::find_if(scores.begin(), scores.end(),
                                  [&](const ProcessBenchScore& one) { return one.split == item.split; });
        if (found == scores.end()) {
            found = scores.insert(scores.end(), ProcessBenchScore{item.split});
            hits.emplace_back(0, 0);
        }
        auto& [erroneous, correct] = hits[std::size_t(found - scores.begin())];
        const bool isHit = item.prediction == item.label;
        (item.label < 0 ? found->correct : found->erroneous) += 1;
        (item.label < 0 ? correct : erroneous) += isHit;
    }
    for (std::size_t i = 0; i < scores.size(); ++i) {
        scores[i].erroneousAccuracy = percent(hits[i].first, scores[i].erroneous);
        scores[i].correctAccuracy = percent(hits[i].second, scores[i].correct);
        scores[i].f1 = processBenchF1(scores[i].erroneousAccuracy, scores[i].correctAccuracy);
    }
    return scores;
}

ProcessBenchScore averageScore(const std::vector<ProcessBenchScore>& scores) {
    ProcessBenchScore average{"average"};
    const auto mean = [&](double ProcessBenchScore::*member) {
        double sum = 0, count = 0;
        for (const ProcessBenchScore& one : scores)
            if (!std::isnan(one.*member)) {
                sum += one.*member;
                count += 1;
            }
        return sum / count;  // NaN: 0 / 0
    };
    for (const ProcessBenchScore& one : scores) {
        average.erroneous += one.erroneous;
        average.correct += one.correct;
    }
    average.erroneousAccuracy = mean(&ProcessBenchScore::erroneousAccuracy);
    average.correctAccuracy = mean(&ProcessBenchScore::correctAccuracy);
    average.f1 = mean(&ProcessBenchScore::f1);
    return average;
}

bool needsThreshold(const StepLane& lane) {
    return lane.kind != LaneKind::MonteCarlo && !hasRatings(lane) &&
           std::any_of(lane.steps.begin(), lane.steps.end(),
                       [](const StepJudgement& step) { return step.value.has_value(); });
}

std::optional<std::int64_t> firstErrorOf(const StepLane& lane, const std::vector<TraceStep>& steps,
                                         double threshold) {
    const bool rated = hasRatings(lane);
    bool says = rated;
    for (std::size_t i = 0; i < lane.steps.size(); ++i) {
        const StepJudgement& one = lane.steps[i];
        const std::int64_t step = stepOf(lane, i, steps);
        if (step < 0) continue;
        bool isWrong = false;
        if (rated) {
            isWrong = one.rating == -1;
        } else if (lane.kind == LaneKind::MonteCarlo) {
            says |= one.rollouts > 0;
            isWrong = one.rollouts > 0 && one.successes == 0;
        } else if (one.value) {
            says = true;
            isWrong = *one.value < threshold;
        }
        if (isWrong) return step;
    }
    return says ? std::optional<std::int64_t>(-1) : std::nullopt;
}

ThresholdChoice chooseThreshold(const std::vector<ScoredSolution>& solutions, std::size_t candidates) {
    const auto erroneous = std::count_if(solutions.begin(), solutions.end(),
                                         [](const ScoredSolution& one) { return one.label >= 0; });
    const std::vector<double> places = candidatesFrom(solutions, std::max<std::size_t>(candidates, 2));
    if (places.empty() || erroneous == 0 || erroneous == std::ptrdiff_t(solutions.size()))
        return {0.5, solutions.empty() ? 0 : f1At(solutions, 0.5)};
    double best = -1;
    std::vector<double> equals;
    for (const double place : places) {
        const double f1 = f1At(solutions, place);
        if (f1 > best) equals.clear();
        best = std::max(best, f1);
        if (f1 == best) equals.push_back(place);
    }
    return {equals[equals.size() / 2], best};
}

}  // namespace retort
