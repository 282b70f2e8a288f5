#include "core/analysis/power_law.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace retort {
namespace {

constexpr std::size_t fewest = 4;
/// Measurements never repeat better than this: points that lie on the law by chance must not raise alarms.
constexpr double leastDeviation = 0.01;

}  // namespace

double PowerLaw::logAt(double x) const {
    return logFactor + exponent * std::log(x);
}

std::optional<PowerLaw> fitPowerLaw(const std::vector<std::pair<double, double>>& points) {
    double count = 0, sumX = 0, sumY = 0, sumXX = 0, sumXY = 0;
    for (const auto& [x, y] : points) {
        if (!(x > 0) || !(y > 0) || !std::isfinite(x) || !std::isfinite(y)) continue;
        const double logX = std::log(x), logY = std::log(y);
        count += 1;
        sumX += logX;
        sumY += logY;
        sumXX += logX * logX;
        sumXY += logX * logY;
    }
    const double spread = count * sumXX - sumX * sumX;
    if (count < double(fewest) || spread <= 1e-12 * count * sumXX) return std::nullopt;
    PowerLaw law;
    law.exponent = (count * sumXY - sumX * sumY) / spread;
    law.logFactor = (sumY - law.exponent * sumX) / count;
    double squares = 0;
    for (const auto& [x, y] : points)
        if (x > 0 && y > 0 && std::isfinite(x) && std::isfinite(y))
            squares += std::pow(std::log(y) - law.logAt(x), 2);
    law.deviation = std::sqrt(squares / (count - 2));
    return law;
}

std::optional<std::string> teacherHacking(const std::vector<std::pair<double, double>>& goldenDistances) {
    if (goldenDistances.size() <= fewest) return std::nullopt;
    const auto [x, y] = goldenDistances.back();
    const std::vector<std::pair<double, double>> before(goldenDistances.begin(), goldenDistances.end() - 1);
    const auto law = fitPowerLaw(before);
    if (!law || !(x > 0) || !(y > 0)) return std::nullopt;
    const auto lowest = std::min_element(before.begin(), before.end(),
                                         [](const auto& a, const auto& b) { return a.second < b.second; });
    const double deviation = std::max(law->deviation, leastDeviation), above = std::log(y) - law->logAt(x);
    if (above <= 3 * deviation || y <= lowest->second) return std::nullopt;
    char text[240];
    std::snprintf(
        text, sizeof text,
        "the distance to the oracle is %.3g, %.1f deviations above its course; its lowest was %.3g at step "
        "%.0f: the student learns the teacher's faults",
        y, above / deviation, lowest->second, lowest->first);
    return text;
}

}  // namespace retort
