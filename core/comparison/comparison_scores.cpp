#include "core/comparison/comparison_scores.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/analysis/multiple_testing.h"

namespace retort {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double meanOf(const std::vector<double>& values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return values.empty() ? nan : sum / double(values.size());
}

std::vector<double> difference(const std::vector<double>& a, const std::vector<double>& b) {
    std::vector<double> result(a.size());
    std::transform(a.begin(), a.end(), b.begin(), result.begin(), std::minus<>());
    return result;
}

std::vector<double> itemTokens(const Comparison& comparison, std::size_t checkpoint) {
    std::vector<double> tokens;
    tokens.reserve(comparison.items());
    for (const ItemResult& item : comparison.results[checkpoint]) tokens.push_back(item.meanTokens);
    return tokens;
}

CheckpointScore scoreOf(const Comparison& comparison, std::size_t checkpoint,
                        const std::vector<double>& means, bool singleSample) {
    CheckpointScore score;
    for (const ItemResult& item : comparison.results[checkpoint]) score.samples += item.samples;
    score.accuracy = meanOf(means);
    score.interval = singleSample ? wilsonInterval(std::llround(score.accuracy * double(means.size())),
                                                   std::int64_t(means.size()))
                                  : clusteredInterval(means);
    score.meanTokens = meanOf(itemTokens(comparison, checkpoint));
    return score;
}

void test(AgainstBaseline& against, const MeanEstimate& estimate, bool singleSample) {
    const auto [both, lost, won, neither] = against.flips;
    against.delta = estimate.mean;
    against.standardError = estimate.standardError;
    if (singleSample) {
        against.p = mcnemarExact(lost, won);
        against.midP = mcnemarMidP(lost, won);
        against.chiSquare = mcnemarChiSquare(lost, won);
    } else {
        // No problem differs: nothing speaks for a difference.
        const bool equal = estimate.mean == 0 && estimate.standardError == 0;
        against.p = equal ? 1 : estimate.p;
        against.midP = nan;
        against.chiSquare = {nan, nan};
    }
}

void correct(std::vector<CheckpointScore>& scores) {
    std::vector<double> p;
    for (const CheckpointScore& score : scores)
        if (score.against) p.push_back(score.against->p);
    const std::vector<double> byHolm = holm(p), byHochberg = benjaminiHochberg(p);
    std::size_t next = 0;
    for (CheckpointScore& score : scores) {
        if (!score.against) continue;
        score.against->holm = byHolm[next];
        score.against->benjaminiHochberg = byHochberg[next++];
    }
}

}  // namespace

std::vector<double> itemMeans(const Comparison& comparison, std::size_t checkpoint) {
    std::vector<double> means;
    means.reserve(comparison.items());
    for (const ItemResult& item : comparison.results[checkpoint]) means.push_back(item.mean());
    return means;
}

std::vector<CheckpointScore> scoreCheckpoints(const Comparison& comparison, const BootstrapOptions& options,
                                              std::stop_token stop) {
    if (comparison.items() == 0) return {};
    const bool singleSample = comparison.isSingleSample();
    const std::vector<double> base = itemMeans(comparison, comparison.baseline);
    const std::vector<double> baseTokens = itemTokens(comparison, comparison.baseline);
    std::vector<CheckpointScore> scores;
    for (std::size_t i = 0; i < comparison.checkpoints.size() && !stop.stop_requested(); ++i) {
        const std::vector<double> means = itemMeans(comparison, i);
        scores.push_back(scoreOf(comparison, i, means, singleSample));
        if (i == comparison.baseline) continue;
        AgainstBaseline against;
        against.flips = flipCounts(comparison, comparison.baseline, i);
        test(against, estimateMean(difference(means, base)), singleSample);
        against.tokens = estimateMean(difference(itemTokens(comparison, i), baseTokens));
        scores.back().against = against;
    }
    correct(scores);
    addIntervals(scores, comparison, options, stop);
    return scores;
}

void addIntervals(std::vector<CheckpointScore>& scores, const Comparison& comparison,
                  const BootstrapOptions& options, std::stop_token stop) {
    if (scores.size() != comparison.checkpoints.size()) return;
    const std::vector<double> base = itemMeans(comparison, comparison.baseline);
    std::vector<std::vector<float>> differences;
    for (std::size_t i = 0; i < scores.size() && options.draws > 0; ++i) {
        if (!scores[i].against) continue;
        const std::vector<double> apart = difference(itemMeans(comparison, i), base);
        differences.emplace_back(apart.begin(), apart.end());
    }
    const std::vector<Interval> intervals = pairedBootstrap(differences, options, stop);
    std::size_t next = 0;
    for (CheckpointScore& score : scores)
        if (score.against)
            score.against->interval = next < intervals.size() ? intervals[next++] : Interval{nan, nan};
}

FlipCell flipOf(const Comparison& comparison, std::size_t first, std::size_t second, std::size_t item) {
    const bool a = isSolved(comparison.results[first][item]), b = isSolved(comparison.results[second][item]);
    return a ? (b ? FlipCell::Both : FlipCell::OnlyFirst) : (b ? FlipCell::OnlySecond : FlipCell::Neither);
}

PairedCounts flipCounts(const Comparison& comparison, std::size_t first, std::size_t second) {
    std::int64_t counts[4] = {};
    for (std::size_t item = 0; item < comparison.items(); ++item)
        ++counts[static_cast<std::size_t>(flipOf(comparison, first, second, item))];
    return {counts[0], counts[1], counts[2], counts[3]};
}

std::vector<std::pair<double, double>> lengthCurve(const Comparison& comparison, std::size_t checkpoint,
                                                   std::size_t points) {
    std::vector<double> tokens = itemTokens(comparison, checkpoint);
    if (tokens.empty() || points < 2) return {};
    std::sort(tokens.begin(), tokens.end());
    std::vector<std::pair<double, double>> curve;
    const std::size_t count = std::min(points, tokens.size());
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = count == 1 ? 0 : i * (tokens.size() - 1) / (count - 1);
        const double share = double(at + 1) / double(tokens.size());
        // Of equal lengths the last says how many there are.
        if (!curve.empty() && curve.back().first == tokens[at])
            curve.back().second = share;
        else
            curve.emplace_back(tokens[at], share);
    }
    return curve;
}

}  // namespace retort
