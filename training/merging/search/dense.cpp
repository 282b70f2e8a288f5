#include "training/merging/search/dense.h"

#include <Eigen/Dense>
#include <string>

#include "core/util/error.h"

namespace retort {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

}  // namespace

SymmetricEigen symmetricEigen(const std::vector<double>& matrix, std::size_t n) {
    const Eigen::Map<const RowMajor> a(matrix.data(), Eigen::Index(n), Eigen::Index(n));
    if (!a.allFinite()) throw Error("a matrix with numbers that are not finite has no eigenvalues");
    const Eigen::SelfAdjointEigenSolver<RowMajor> solver(a);
    if (solver.info() != Eigen::Success) throw Error("the eigenvalues of a matrix could not be found");
    SymmetricEigen found;
    found.values.assign(solver.eigenvalues().data(), solver.eigenvalues().data() + n);
    const RowMajor vectors = solver.eigenvectors();
    found.vectors.assign(vectors.data(), vectors.data() + n * n);
    return found;
}

std::vector<double> leastSquares(const std::vector<double>& a, const std::vector<double>& b,
                                 std::size_t columns) {
    const Eigen::Map<const RowMajor> matrix(a.data(), Eigen::Index(b.size()), Eigen::Index(columns));
    const Eigen::Map<const Eigen::VectorXd> right(b.data(), Eigen::Index(b.size()));
    if (!matrix.allFinite() || !right.allFinite()) throw Error("a fit through numbers that are not finite");
    const Eigen::ColPivHouseholderQR<RowMajor> qr(matrix);
    if (std::size_t(qr.rank()) < columns)
        throw Error("the points determine only " + std::to_string(qr.rank()) + " of " +
                        std::to_string(columns) + " coefficients",
                    {}, "add points, and spread them in all directions");
    const Eigen::VectorXd x = qr.solve(right);
    return {x.data(), x.data() + columns};
}

}  // namespace retort
