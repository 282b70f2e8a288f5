#include "training/merging/methods/linear_algebra.h"

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <Eigen/SVD>

namespace retort {

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstMap = Eigen::Map<const Matrix>;

ConstMap map(std::span<const double> values, std::size_t rows, std::size_t columns) {
    return {values.data(), Eigen::Index(rows), Eigen::Index(columns)};
}

std::vector<double> toVector(const Matrix& matrix) {
    return {matrix.data(), matrix.data() + matrix.size()};
}

}  // namespace

std::vector<double> solveRight(std::span<const double> a, std::size_t n, std::span<const double> b,
                               std::size_t m) {
    const Eigen::LDLT<Eigen::MatrixXd> factors(map(a, n, n));
    const auto pivots = factors.vectorD();
    if (factors.info() != Eigen::Success || !pivots.allFinite()) return {};
    if (pivots.minCoeff() <= 1e-13 * pivots.cwiseAbs().maxCoeff()) return {};
    const Matrix x = factors.solve(map(b, m, n).transpose()).transpose();
    return toVector(x);
}

std::vector<double> leftSingularVectors(std::span<const double> matrix, std::size_t rows, std::size_t columns,
                                        std::size_t count) {
    const Eigen::BDCSVD<Eigen::MatrixXd> svd(map(matrix, rows, columns), Eigen::ComputeThinU);
    const Matrix first = svd.matrixU().leftCols(Eigen::Index(count));
    return toVector(first);
}

std::vector<double> multiply(std::span<const double> a, std::span<const double> b, std::size_t m,
                             std::size_t k, std::size_t n, bool transposed) {
    const Matrix product =
        transposed ? Matrix(map(a, k, m).transpose() * map(b, k, n)) : Matrix(map(a, m, k) * map(b, k, n));
    return toVector(product);
}

}  // namespace retort
