#include "core/weights/spectrum.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>

namespace retort {
namespace {

using RowMajor = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Mapped = Eigen::Map<const RowMajor>;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t mostForGram = 512, mostElements = 4'000'000;
constexpr int powerSteps = 60;

/// The eigenvalues of M M' (or M' M, whichever is smaller), whose roots are the singular values. In double
/// precision: in float the small ones would drown below 3e-4 of the largest.
std::vector<double> fromGram(const Mapped& matrix) {
    const Eigen::MatrixXd wide = matrix.cast<double>();
    Eigen::MatrixXd gram;
    if (wide.rows() <= wide.cols())
        gram.noalias() = wide * wide.transpose();
    else
        gram.noalias() = wide.transpose() * wide;
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(gram, Eigen::EigenvaluesOnly);
    std::vector<double> values;
    for (Eigen::Index i = gram.rows(); i-- > 0;)
        values.push_back(std::sqrt(std::max(solver.eigenvalues()[i], 0.0)));
    return values;
}

double largestByPower(const Mapped& matrix, const std::stop_token& stop) {
    // A fixed start without symmetry; orthogonal to the answer only by ill luck, and rounding mends that.
    Eigen::VectorXf direction(matrix.cols());
    for (Eigen::Index i = 0; i < direction.size(); ++i)
        direction[i] = 1.0f + 0.5f * float((i * 7919) % 13) / 13.0f;
    direction.normalize();
    double largest = 0;
    for (int step = 0; step < powerSteps; ++step) {
        if (stop.stop_requested()) return nan;
        const Eigen::VectorXf image = matrix * direction;
        const double length = image.norm();
        if (length == 0) return 0;
        direction.noalias() = matrix.transpose() * image;
        direction.normalize();
        if (std::abs(length - largest) < 1e-7 * length) return length;
        largest = length;
    }
    return largest;
}

}  // namespace

Spectrum spectrumOf(const float* matrix, std::int64_t rows, std::int64_t columns, std::stop_token stop) {
    Spectrum spectrum{{}, true, nan, nan};
    if (rows < 1 || columns < 1 || stop.stop_requested()) return spectrum;
    const Mapped mapped(matrix, rows, columns);
    spectrum.isWhole = std::min(rows, columns) <= mostForGram && rows * columns <= mostElements;
    spectrum.values = spectrum.isWhole ? fromGram(mapped) : std::vector<double>{largestByPower(mapped, stop)};
    const double largest = spectrum.values[0], sum = mapped.cast<double>().squaredNorm();
    if (!(largest > 0) || !std::isfinite(largest)) return spectrum;
    spectrum.stableRank = sum / (largest * largest);
    if (!spectrum.isWhole) return spectrum;
    double total = 0, entropy = 0;
    for (const double value : spectrum.values) total += value;
    for (const double value : spectrum.values)
        if (value > 0) entropy -= value / total * std::log(value / total);
    spectrum.effectiveRank = std::exp(entropy);
    return spectrum;
}

}  // namespace retort
