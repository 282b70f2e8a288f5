// How well a score tells two classes apart.
#pragma once

#include <span>
#include <vector>

namespace retort {

/// The area under the ROC curve: the probability that a right one has a higher score than a wrong one, ties
/// counted half (Mann–Whitney). NaN when one class is missing or a score is NaN. `right[i]` is not 0 for a
/// right one.
double rocAuc(std::span<const double> scores, std::span<const int> right);

}  // namespace retort
