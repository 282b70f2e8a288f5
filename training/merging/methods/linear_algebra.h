// The little of linear algebra that merging needs; Eigen stays behind this header. Matrices are row by row.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace retort {

/// X with X·A = B for a symmetric A [n, n] and B [m, n], or an empty vector when A is not positive definite
/// to working precision.
std::vector<double> solveRight(std::span<const double> a, std::size_t n, std::span<const double> b,
                               std::size_t m);

/// The first `count` left singular vectors of a matrix [rows, columns], as columns of a matrix [rows, count];
/// count is at most the smaller side.
std::vector<double> leftSingularVectors(std::span<const double> matrix, std::size_t rows, std::size_t columns,
                                        std::size_t count);

/// a [m, k] times b [k, n]; a is given transposed [k, m] with `transposed`.
std::vector<double> multiply(std::span<const double> a, std::span<const double> b, std::size_t m,
                             std::size_t k, std::size_t n, bool transposed = false);

}  // namespace retort
