#include "core/analysis/agreement.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <functional>
#include <limits>
#include <thread>

#include "core/util/error.h"
#include "core/util/random.h"

namespace retort {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// How often each item counts: once in the data, as often as it was drawn in a resample.
using Weights = std::vector<double>;
using Statistic = std::function<double(const Weights&)>;

Interval centralShare(std::vector<double> values) {
    std::erase_if(values, [](double value) { return std::isnan(value); });
    if (values.empty()) return {none, none};
    std::sort(values.begin(), values.end());
    const auto at = [&](double share) {
        return values[std::size_t(share * double(values.size() - 1) + 0.5)];
    };
    return {at(0.025), at(0.975)};
}

/// The statistic of the data and of resamples of its items. Draw i is a function of (seed, i) alone.
Agreement estimate(std::size_t items, const Statistic& statistic, const BootstrapOptions& options,
                   std::stop_token stop) {
    Agreement result{statistic(Weights(items, 1.0)), {none, none}, std::int64_t(items), 0};
    if (items == 0 || options.draws < 1) return result;
    std::vector<double> values(std::size_t(options.draws), none);
    std::atomic<std::int64_t> next = 0;
    const auto work = [&] {
        Weights weights(items);
        for (std::int64_t draw = next++; draw < options.draws && !stop.stop_requested(); draw = next++) {
            std::fill(weights.begin(), weights.end(), 0.0);
            Random random(options.seed, std::uint64_t(draw));
            for (std::size_t i = 0; i < items; ++i)
                ++weights[std::size_t(random.integer(0, std::int64_t(items) - 1))];
            values[std::size_t(draw)] = statistic(weights);
        }
    };
    {
        std::vector<std::jthread> helpers;
        for (int i = 1; i < options.threads; ++i) helpers.emplace_back(work);
        work();
    }
    if (stop.stop_requested()) return result;
    result.undefinedDraws =
        std::count_if(values.begin(), values.end(), [](double value) { return std::isnan(value); });
    result.interval = centralShare(std::move(values));
    return result;
}

/// Items with two or more ratings, each rating as the index of its value.
struct Pairable {
    std::vector<double> values;  ///< distinct, ascending
    std::vector<std::vector<std::uint32_t>> items;

    explicit Pairable(const RatingTable& ratings) {
        RatingTable kept;
        for (std::vector<double> item : ratings) {
            std::erase_if(item, [](double value) { return std::isnan(value); });
            if (item.size() < 2) continue;
            values.insert(values.end(), item.begin(), item.end());
            kept.push_back(std::move(item));
        }
        std::sort(values.begin(), values.end());
        values.erase(std::unique(values.begin(), values.end()), values.end());
        for (const std::vector<double>& item : kept) {
            std::vector<std::uint32_t>& indices = items.emplace_back();
            for (const double value : item)
                indices.push_back(
                    std::uint32_t(std::lower_bound(values.begin(), values.end(), value) - values.begin()));
            std::sort(indices.begin(), indices.end());
        }
    }

    std::vector<double> counts(const Weights& weights) const {
        std::vector<double> result(values.size());
        for (std::size_t i = 0; i < items.size(); ++i)
            for (const std::uint32_t index : items[i]) result[index] += weights[i];
        return result;
    }
};

/// Ordered pairs of ratings of one item that agree; its indices are sorted.
double agreeingPairs(const std::vector<std::uint32_t>& item) {
    double pairs = 0;
    for (std::size_t begin = 0; begin < item.size();) {
        std::size_t end = begin;
        while (end < item.size() && item[end] == item[begin]) ++end;
        pairs += double(end - begin) * double(end - begin - 1);
        begin = end;
    }
    return pairs;
}

/// Alpha with equal or unequal values only.
double nominalAlpha(const Pairable& data, const Weights& weights) {
    double ratings = 0, observed = 0, expected = 0;
    for (std::size_t i = 0; i < data.items.size(); ++i) {
        const double size = double(data.items[i].size());
        ratings += weights[i] * size;
        observed += weights[i] * (size - agreeingPairs(data.items[i]) / (size - 1));
    }
    for (const double count : data.counts(weights)) expected += count * (ratings - count);
    return expected > 0 ? 1 - observed * (ratings - 1) / expected : none;
}

/// Where each value lies on an axis on which the square of the distance is the difference: the value itself,
/// or the mean rank of the ratings that have it (for c < k, half of n_c, all between and half of n_k lie
/// between them: Krippendorff's ordinal difference).
std::vector<double> places(const Pairable& data, const std::vector<double>& counts, RatingScale scale) {
    std::vector<double> result = data.values;
    double below = 0, mean = 0, total = 0;
    for (std::size_t i = 0; i < result.size(); ++i) {
        if (scale == RatingScale::Ordinal) result[i] = below + counts[i] / 2;
        below += counts[i];
        mean += counts[i] * result[i];
        total += counts[i];
    }
    // About their mean, sums of squares lose nothing.
    for (double& place : result) place -= total > 0 ? mean / total : 0;
    return result;
}

/// Σ over ordered pairs (x - y)² = 2 (n Σx² - (Σx)²).
double metricAlpha(const Pairable& data, RatingScale scale, const Weights& weights) {
    const std::vector<double> counts = data.counts(weights), place = places(data, counts, scale);
    double ratings = 0, sum = 0, squares = 0, observed = 0;
    for (std::size_t c = 0; c < counts.size(); ++c) {
        ratings += counts[c];
        sum += counts[c] * place[c];
        squares += counts[c] * place[c] * place[c];
    }
    for (std::size_t i = 0; i < data.items.size(); ++i) {
        if (weights[i] == 0) continue;
        const std::vector<std::uint32_t>& item = data.items[i];
        const double size = double(item.size());
        double mean = 0, spread = 0;
        for (const std::uint32_t index : item) mean += place[index] / size;
        for (const std::uint32_t index : item) spread += (place[index] - mean) * (place[index] - mean);
        observed += weights[i] * 2 * size * spread / (size - 1);
    }
    const double expected = 2 * (ratings * squares - sum * sum);
    const auto used = std::count_if(counts.begin(), counts.end(), [](double count) { return count > 0; });
    return used > 1 ? 1 - observed * (ratings - 1) / expected : none;
}

double distance(double a, double b, KappaWeights weights) {
    if (weights == KappaWeights::None) return a == b ? 0 : 1;
    return weights == KappaWeights::Linear ? std::abs(a - b) : (a - b) * (a - b);
}

double weightedKappa(const Pairable& data, const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs,
                     KappaWeights kind, const Weights& weights) {
    const std::vector<double>& values = data.values;
    std::vector<double> first(values.size()), second(values.size());
    double observed = 0, expected = 0, total = 0;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
        const auto [a, b] = pairs[i];
        first[a] += weights[i];
        second[b] += weights[i];
        observed += weights[i] * distance(values[a], values[b], kind);
        total += weights[i];
    }
    for (std::size_t a = 0; a < values.size(); ++a)
        for (std::size_t b = 0; b < values.size(); ++b)
            expected += first[a] * second[b] * distance(values[a], values[b], kind);
    return expected > 0 ? 1 - observed * total / expected : none;
}

}  // namespace

Agreement rawAgreement(const RatingTable& ratings, const BootstrapOptions& bootstrap, std::stop_token stop) {
    const Pairable data(ratings);
    std::vector<double> shares;
    for (const auto& item : data.items)
        shares.push_back(agreeingPairs(item) / (double(item.size()) * double(item.size() - 1)));
    const auto mean = [&](const Weights& weights) {
        double sum = 0, total = 0;
        for (std::size_t i = 0; i < shares.size(); ++i) {
            sum += weights[i] * shares[i];
            total += weights[i];
        }
        return total > 0 ? sum / total : none;
    };
    return estimate(shares.size(), mean, bootstrap, stop);
}

Agreement cohenKappa(std::span<const double> first, std::span<const double> second, KappaWeights weights,
                     const BootstrapOptions& bootstrap, std::stop_token stop) {
    if (first.size() != second.size()) throw Error("two annotators' ratings need the same items");
    RatingTable table;
    for (std::size_t i = 0; i < first.size(); ++i) table.push_back({first[i], second[i]});
    const Pairable data(table);
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;
    const auto index = [&](double value) {
        return std::uint32_t(std::lower_bound(data.values.begin(), data.values.end(), value) -
                             data.values.begin());
    };
    for (std::size_t i = 0; i < first.size(); ++i)
        if (!std::isnan(first[i]) && !std::isnan(second[i]))
            pairs.emplace_back(index(first[i]), index(second[i]));
    return estimate(
        pairs.size(), [&](const Weights& drawn) { return weightedKappa(data, pairs, weights, drawn); },
        bootstrap, stop);
}

Agreement fleissKappa(const std::vector<std::vector<std::int64_t>>& counts, const BootstrapOptions& bootstrap,
                      std::stop_token stop) {
    std::int64_t raters = -1;
    std::size_t categories = 0;
    for (const auto& item : counts) {
        std::int64_t sum = 0;
        for (const std::int64_t count : item) {
            if (count < 0) throw Error("Fleiss's kappa: a count is negative");
            sum += count;
        }
        if (sum < 2 || (raters >= 0 && sum != raters))
            throw Error("Fleiss's kappa needs the same number of ratings of every item, two or more", "",
                        "Krippendorff's alpha takes missing ratings");
        raters = sum;
        categories = std::max(categories, item.size());
    }
    const auto kappa = [&](const Weights& weights) {
        const double n = double(raters);
        std::vector<double> shares(categories);
        double agreed = 0, total = 0, chance = 0;
        for (std::size_t i = 0; i < counts.size(); ++i) {
            total += weights[i];
            for (std::size_t c = 0; c < counts[i].size(); ++c) {
                const double count = double(counts[i][c]);
                shares[c] += weights[i] * count;
                agreed += weights[i] * count * (count - 1) / (n * (n - 1));
            }
        }
        std::int64_t used = 0;
        for (const double share : shares) {
            chance += share / (total * n) * (share / (total * n));
            used += share > 0 ? 1 : 0;
        }
        return used > 1 ? (agreed / total - chance) / (1 - chance) : none;
    };
    return estimate(counts.size(), kappa, bootstrap, stop);
}

Agreement krippendorffAlpha(const RatingTable& ratings, RatingScale scale, const BootstrapOptions& bootstrap,
                            std::stop_token stop) {
    const Pairable data(ratings);
    return estimate(
        data.items.size(),
        [&](const Weights& weights) {
            return scale == RatingScale::Nominal ? nominalAlpha(data, weights)
                                                 : metricAlpha(data, scale, weights);
        },
        bootstrap, stop);
}

FirstErrorAgreement firstErrorAgreement(std::span<const std::int64_t> first,
                                        std::span<const std::int64_t> second) {
    if (first.size() != second.size()) throw Error("two annotators' marks need the same items");
    FirstErrorAgreement result{std::int64_t(first.size()), none, none, none};
    std::vector<double> firstHas, secondHas;
    double same = 0, distances = 0, both = 0;
    for (std::size_t i = 0; i < first.size(); ++i) {
        firstHas.push_back(first[i] >= 0 ? 1 : 0);
        secondHas.push_back(second[i] >= 0 ? 1 : 0);
        same += first[i] == second[i] ? 1 : 0;
        if (first[i] < 0 || second[i] < 0) continue;
        distances += std::abs(double(first[i]) - double(second[i]));
        ++both;
    }
    if (!first.empty()) result.exact = same / double(first.size());
    if (both > 0) result.meanDistance = distances / both;
    result.errorKappa = cohenKappa(firstHas, secondHas).value;
    return result;
}

}  // namespace retort
