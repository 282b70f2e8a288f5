// Every point that a search evaluated, one JSON object a line:
// {"point":3,"stage":"cma-es","coefficients":[…],"values":{"loss/addition":…},"score":…,"seconds":…}
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "training/merging/search/quadratic_surrogate.h"

namespace retort {

struct SearchObjective {
    std::string name;  ///< "loss/addition", "accuracy", "mean_length"
    bool maximise = false;
    double weight = 1;                             ///< in the score
    SurrogateLink link = SurrogateLink::Identity;  ///< of MAP's surrogate
    bool operator==(const SearchObjective&) const = default;
};

struct SearchPoint {
    std::int64_t number = 0;  ///< 1 …
    std::string stage;        ///< what asked for it: "start", "cma-es", "grid", "alpha=0.3 beta=0.5"
    std::vector<double> coefficients;
    std::vector<double> values;  ///< one an objective
    double score = 0;            ///< lower is better
    double seconds = 0;          ///< that the evaluation took
    bool operator==(const SearchPoint&) const = default;
};

/// Weighted sum of the values, those to be maximised with the other sign: what a search for one best point
/// minimises.
double searchScore(const std::vector<SearchObjective>& objectives, const std::vector<double>& values);

/// Without the newline; numbers are exact, NaN and infinities strings.
std::string toJsonLine(const SearchPoint& point, const std::vector<SearchObjective>& objectives);
/// Throws Error for a line that is none, or has other objectives.
SearchPoint searchPointOf(std::string_view line, const std::vector<SearchObjective>& objectives);

}  // namespace retort
