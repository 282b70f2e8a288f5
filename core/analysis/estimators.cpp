#include "core/analysis/estimators.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>
#include <utility>

#include "core/util/random.h"

namespace retort {

double passAtK(std::int64_t samples, std::int64_t correct, std::int64_t k) {
    if (k < 1 || k > samples || correct < 0 || correct > samples)
        return std::numeric_limits<double>::quiet_NaN();
    if (samples - correct < k) return 1;
    // The product form: no binomial coefficient overflows.
    double allWrong = 1;
    for (std::int64_t i = samples - correct + 1; i <= samples; ++i) allWrong *= 1 - double(k) / double(i);
    return 1 - allWrong;
}

Interval wilsonInterval(std::int64_t successes, std::int64_t trials, double z) {
    if (trials <= 0) return {};
    const double n = double(trials), share = std::clamp(double(successes) / n, 0.0, 1.0);
    const double denominator = 1 + z * z / n;
    const double centre = (share + z * z / (2 * n)) / denominator;
    const double half = z * std::sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / denominator;
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

namespace {

/// Share of right answers among those that most weight stands behind.
double majorityOf(const std::vector<std::string>& answers, const std::vector<bool>& correct,
                  const std::vector<double>& weights, const std::vector<std::size_t>& chosen) {
    std::map<std::string, std::pair<double, bool>> votes;
    double most = 0;
    for (const std::size_t i : chosen) {
        if (answers[i].empty()) continue;
        auto& [weight, right] = votes[answers[i]];
        right = right || correct[i];
        if (std::isfinite(weights[i]) && weights[i] > 0) weight += weights[i];
        most = std::max(most, weight);
    }
    double winners = 0, right = 0;
    for (const auto& [answer, vote] : votes) {
        if (vote.first != most) continue;
        winners += 1;
        right += vote.second;
    }
    return winners == 0 ? 0 : right / winners;
}

/// C(n, k) / C(total, k) for n <= total, by products of ratios.
double choiceShare(std::int64_t n, std::int64_t total, std::int64_t k) {
    double share = 1;
    for (std::int64_t i = 0; i < k; ++i) share *= n > i ? double(n - i) / double(total - i) : 0;
    return share;
}

}  // namespace

double majorityAtK(const std::vector<std::string>& answers, const std::vector<bool>& correct, std::int64_t k,
                   std::uint64_t seed, std::int64_t draws) {
    return weightedVoteAtK(answers, correct, std::vector<double>(answers.size(), 1), k, seed, draws);
}

double weightedVoteAtK(const std::vector<std::string>& answers, const std::vector<bool>& correct,
                       const std::vector<double>& weights, std::int64_t k, std::uint64_t seed,
                       std::int64_t draws) {
    const auto count = std::int64_t(answers.size());
    if (k < 1 || k > count || correct.size() != answers.size() || weights.size() != answers.size())
        return std::numeric_limits<double>::quiet_NaN();
    std::vector<std::size_t> order(answers.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    if (k == count) return majorityOf(answers, correct, weights, order);
    Random random(seed);
    double sum = 0;
    for (std::int64_t draw = 0; draw < draws; ++draw) {
        for (std::int64_t i = 0; i < k; ++i)
            std::swap(order[std::size_t(i)], order[std::size_t(random.integer(i, count - 1))]);
        sum += majorityOf(answers, correct, weights, {order.begin(), order.begin() + k});
    }
    return sum / double(draws);
}

double bestOfK(const std::vector<double>& scores, const std::vector<bool>& correct, std::int64_t k) {
    const auto count = std::int64_t(scores.size());
    if (k < 1 || k > count || correct.size() != scores.size())
        return std::numeric_limits<double>::quiet_NaN();
    std::vector<std::size_t> order(scores.size());
    std::iota(order.begin(), order.end(), std::size_t(0));
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
    double expected = 0;
    for (std::int64_t first = 0; first < count;) {
        std::int64_t last = first, right = 0;
        while (last < count && scores[order[std::size_t(last)]] == scores[order[std::size_t(first)]])
            right += correct[order[std::size_t(last++)]];
        // The best of k lies in this group of equals when all k lie at or under it and not all under it.
        const double here = choiceShare(last, count, k) - choiceShare(first, count, k);
        expected += here * double(right) / double(last - first);
        first = last;
    }
    return expected;
}

Interval bootstrapInterval(const std::vector<double>& values, std::int64_t draws, std::uint64_t seed) {
    if (values.empty() || draws < 1) return {};
    Random random(seed);
    std::vector<double> means;
    for (std::int64_t draw = 0; draw < draws; ++draw) {
        double sum = 0;
        for (std::size_t i = 0; i < values.size(); ++i)
            sum += values[std::size_t(random.integer(0, std::int64_t(values.size()) - 1))];
        means.push_back(sum / double(values.size()));
    }
    std::sort(means.begin(), means.end());
    const auto at = [&](double share) { return means[std::size_t(share * double(draws - 1) + 0.5)]; };
    return {at(0.025), at(0.975)};
}

}  // namespace retort
