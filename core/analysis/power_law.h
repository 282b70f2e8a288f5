// y = a · x^b through measured points, and whether the next point still lies on it.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace retort {

struct PowerLaw {
    double logFactor = 0, exponent = 0;
    double deviation = 0;  ///< standard deviation of log y about the fit

    double logAt(double x) const;
};

/// Least squares in log x and log y; points with x or y ≤ 0 are left out. Absent with fewer than 4 points, or
/// all of one x.
std::optional<PowerLaw> fitPowerLaw(const std::vector<std::pair<double, double>>& points);

/// Teacher hacking (methods.md #72): the distance to the oracle has its latest point more than three
/// deviations above the power law through those before it, and above the lowest of them. The text of the
/// alarm; absent when all is well, or there are too few points to say.
std::optional<std::string> teacherHacking(const std::vector<std::pair<double, double>>& goldenDistances);

}  // namespace retort
