// Particles by weight: the arithmetic of particle filtering.
#pragma once

#include <cstddef>
#include <vector>

#include "core/util/random.h"

namespace retort {

/// softmax(logit(value) / temperature): the odds that the values give, normalised. Values are probabilities;
/// they count as at least 1e-6 and at most 1 - 1e-6, so that no certainty of a model ends all doubt. What is
/// no number or minus infinity gets no weight, unless nothing else is there: then all weigh the same.
std::vector<double> particleWeights(const std::vector<double>& values, double temperature);

/// 1 / Σw²: of how many particles of equal weight these are worth; between 1 and their number.
double effectiveSampleSize(const std::vector<double>& weights);

/// As many indices as there are weights, rising; the i-th appears ⌊N·wᵢ⌋ or ⌈N·wᵢ⌉ times. `offset` in [0, 1)
/// is the one random number (Kitagawa 1996).
std::vector<std::size_t> systematicResampling(const std::vector<double>& weights, double offset);

/// As many indices as there are weights, each drawn by itself, rising.
std::vector<std::size_t> multinomialResampling(const std::vector<double>& weights, Random& random);

}  // namespace retort
