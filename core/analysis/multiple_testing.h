// Corrections for a family of tests. NaN (a test that could not be made) is not of the family and stays NaN.
#pragma once

#include <span>
#include <vector>

namespace retort {

/// Holm's step-down adjusted p-values (1979): those under alpha hold together with an error of at most alpha.
std::vector<double> holm(std::span<const double> p);

/// Benjamini and Hochberg's step-up adjusted p-values (1995): among those under q at most a share q is false.
std::vector<double> benjaminiHochberg(std::span<const double> p);

}  // namespace retort
