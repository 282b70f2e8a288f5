#include "core/analysis/paired_tests.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace retort {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// ln of the probability of k heads in n tosses.
double logBinomial(std::int64_t n, std::int64_t k) {
    return std::lgamma(double(n) + 1) - std::lgamma(double(k) + 1) - std::lgamma(double(n - k) + 1) -
           double(n) * std::log(2.0);
}

/// P(X <= k) of n tosses, summed downwards from k with the ratio of neighbours.
double binomialTail(std::int64_t n, std::int64_t k) {
    double term = 1, sum = 1;
    for (std::int64_t i = k; i > 0 && term > 1e-18 * sum; --i) {
        term *= double(i) / double(n - i + 1);
        sum += term;
    }
    return std::exp(logBinomial(n, k)) * sum;
}

/// Continued fraction of the incomplete beta function by Lentz's method (Numerical Recipes 6.4).
double betaFraction(double a, double b, double x) {
    constexpr double tiny = 1e-300;
    const auto away = [](double value) { return std::abs(value) < tiny ? tiny : value; };
    double c = 1, d = 1 / away(1 - (a + b) * x / (a + 1)), result = d;
    for (int m = 1; m <= 1000; ++m) {
        const double even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / away(1 + even * d);
        c = away(1 + even / c);
        result *= d * c;
        const double odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / away(1 + odd * d);
        c = away(1 + odd / c);
        const double step = d * c;
        result *= step;
        if (std::abs(step - 1) < 1e-15) break;
    }
    return result;
}

/// I_x(a, b), regularised; `rest` is 1 - x, given because it would lose its digits.
double incompleteBeta(double a, double b, double x, double rest) {
    if (x <= 0) return 0;
    if (rest <= 0) return 1;
    const double front =
        std::exp(std::lgamma(a + b) - std::lgamma(a) - std::lgamma(b) + a * std::log(x) + b * std::log(rest));
    if (x < (a + 1) / (a + b + 2)) return front * betaFraction(a, b, x) / a;
    return 1 - front * betaFraction(b, a, rest) / b;
}

}  // namespace

double mcnemarExact(std::int64_t onlyFirst, std::int64_t onlySecond) {
    if (onlyFirst < 0 || onlySecond < 0) return nan;
    if (onlyFirst == onlySecond) return 1;
    return std::min(1.0, 2 * binomialTail(onlyFirst + onlySecond, std::min(onlyFirst, onlySecond)));
}

double mcnemarMidP(std::int64_t onlyFirst, std::int64_t onlySecond) {
    if (onlyFirst < 0 || onlySecond < 0) return nan;
    const std::int64_t n = onlyFirst + onlySecond, k = std::min(onlyFirst, onlySecond);
    if (n == 0) return 1;
    const double observed = std::exp(logBinomial(n, k));
    if (onlyFirst == onlySecond) return 1 - observed / 2;
    return std::min(1.0, 2 * binomialTail(n, k) - observed);
}

ChiSquare mcnemarChiSquare(std::int64_t onlyFirst, std::int64_t onlySecond) {
    if (onlyFirst < 0 || onlySecond < 0) return {nan, nan};
    const double n = double(onlyFirst + onlySecond);
    if (n == 0) return {};
    const double apart = std::max(std::abs(double(onlyFirst - onlySecond)) - 1, 0.0);
    const double statistic = apart * apart / n;
    return {statistic, std::erfc(std::sqrt(statistic / 2))};
}

double studentTwoSided(double t, double degrees) {
    if (std::isnan(t) || !(degrees > 0)) return nan;
    if (std::isinf(t)) return 0;
    const double square = t * t, whole = degrees + square;
    return incompleteBeta(degrees / 2, 0.5, degrees / whole, square / whole);
}

double studentQuantile(double level, double degrees) {
    if (!(level > 0 && level < 1) || !(degrees > 0)) return nan;
    double low = 0, high = 2;
    while (1 - studentTwoSided(high, degrees) < level && high < 1e300) high *= 2;
    for (int i = 0; i < 200 && high - low > 1e-14 * high; ++i) {
        const double middle = (low + high) / 2;
        (1 - studentTwoSided(middle, degrees) < level ? low : high) = middle;
    }
    return (low + high) / 2;
}

MeanEstimate estimateMean(std::span<const double> values) {
    MeanEstimate estimate;
    estimate.count = std::int64_t(values.size());
    const double n = double(values.size());
    if (values.empty()) return {0, nan, nan, {nan, nan}, nan};
    double sum = 0, squares = 0;
    for (const double value : values) sum += value;
    estimate.mean = sum / n;
    for (const double value : values) squares += (value - estimate.mean) * (value - estimate.mean);
    if (values.size() < 2) return {1, estimate.mean, nan, {nan, nan}, nan};
    estimate.standardError = std::sqrt(squares / (n - 1) / n);
    // Rounding leaves a little of nothing.
    if (estimate.standardError <= 1e-12 * std::abs(estimate.mean)) {
        estimate.standardError = 0;
        estimate.interval = {estimate.mean, estimate.mean};
        estimate.p = nan;
        return estimate;
    }
    // One quantile serves all tables of a comparison: its search costs more than the sums of a small group.
    thread_local double knownDegrees = 0, knownQuantile = 0;
    if (knownDegrees != n - 1) {
        knownDegrees = n - 1;
        knownQuantile = studentQuantile(0.95, n - 1);
    }
    const double half = knownQuantile * estimate.standardError;
    estimate.interval = {estimate.mean - half, estimate.mean + half};
    estimate.p = studentTwoSided(estimate.mean / estimate.standardError, n - 1);
    return estimate;
}

Interval clusteredInterval(std::span<const double> itemMeans) {
    if (itemMeans.empty()) return {};
    constexpr double z = 1.959963984540054;
    const MeanEstimate estimate = estimateMean(itemMeans);
    const double m = std::clamp(estimate.mean, 0.0, 1.0), spread = m * (1 - m);
    double n = double(itemMeans.size());
    if (estimate.standardError > 0 && spread > 0)
        n = spread / (estimate.standardError * estimate.standardError);
    const double denominator = 1 + z * z / n, centre = (m + z * z / (2 * n)) / denominator;
    const double half = z * std::sqrt(spread / n + z * z / (4 * n * n)) / denominator;
    return {std::max(0.0, centre - half), std::min(1.0, centre + half)};
}

}  // namespace retort
