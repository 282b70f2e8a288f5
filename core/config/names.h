// The nearest known name, for "did you mean …?".
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace retort {

/// Edit distance with transpositions of neighbours as one edit (optimal string alignment), ignoring case.
std::size_t editDistance(std::string_view a, std::string_view b);

/// The candidate nearest to `name`, or empty when none is near enough to be a typing error.
std::string nearestName(std::string_view name, const std::vector<std::string>& candidates);

/// "did you mean x?", or empty.
std::string didYouMean(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace retort
