// The two operations of dense linear algebra that searching needs. Eigen is behind them and nowhere else.
#pragma once

#include <cstddef>
#include <vector>

namespace retort {

/// A = V · diag(values) · Vᵀ. Values rise; `vectors` is [n × n], row by row, a vector a column.
struct SymmetricEigen {
    std::vector<double> values, vectors;
};

/// `matrix` [n × n]; only its lower triangle is read. Throws Error when it is not finite.
SymmetricEigen symmetricEigen(const std::vector<double>& matrix, std::size_t n);

/// The x that minimises |A·x − b|: `a` is [rows × columns], row by row. Throws Error when A's columns are
/// dependent: then there is no one x.
std::vector<double> leastSquares(const std::vector<double>& a, const std::vector<double>& b,
                                 std::size_t columns);

}  // namespace retort
