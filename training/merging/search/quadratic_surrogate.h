// What MAP (methods.md #208; Li et al. 2024, arXiv:2406.07529) takes for a metric between the points where it
// was measured: metric(c) ≈ link(e + b·c + cᵀA·c).
#pragma once

#include <cstddef>
#include <span>
#include <string_view>
#include <vector>

#include "core/util/json.h"

namespace retort {

enum class SurrogateLink {
    Identity,
    Sigmoid,   ///< for shares: accuracy
    Softplus,  ///< for what is above 0: losses
};

/// "identity", "sigmoid", "softplus".
std::string_view surrogateLinkName(SurrogateLink link);
/// Throws Error for another name.
SurrogateLink surrogateLinkOf(std::string_view name);

class QuadraticSurrogate {
  public:
    /// (n + 1)(n + 2) / 2: as many points are needed at least, twice as many are MAP's advice.
    static std::size_t coefficientCount(std::size_t dimensions);

    /// Least squares in the metric itself: solved at once for the identity, by Levenberg and Marquardt for
    /// the other links, from the solution behind the link. Values that are not finite are left out. Throws
    /// Error when the rest is too little, or does not determine the coefficients.
    static QuadraticSurrogate fit(const std::vector<std::vector<double>>& points,
                                  const std::vector<double>& values, SurrogateLink link);

    double operator()(std::span<const double> point) const;
    std::size_t dimensions() const { return m_dimensions; }
    SurrogateLink link() const { return m_link; }
    /// e; b₁ … bₙ; then the products c_i·c_j, i ≤ j, row by row.
    const std::vector<double>& coefficients() const { return m_coefficients; }
    /// 1 − Σ(y − ŷ)² / Σ(y − ȳ)² on any points: of those that were not fitted it says what the surrogate is
    /// worth. NaN with fewer than two finite values, or all the same.
    double rSquared(const std::vector<std::vector<double>>& points, const std::vector<double>& values) const;

    Json toJson() const;

  private:
    QuadraticSurrogate(std::size_t dimensions, SurrogateLink link, std::vector<double> coefficients)
        : m_dimensions(dimensions), m_link(link), m_coefficients(std::move(coefficients)) {}

    std::size_t m_dimensions;
    SurrogateLink m_link;
    std::vector<double> m_coefficients;
};

}  // namespace retort
