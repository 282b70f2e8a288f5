#include "training/merging/search/quadratic_surrogate.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>

#include "core/util/error.h"
#include "training/merging/search/dense.h"

namespace retort {
namespace {

constexpr std::string_view linkNames[] = {"identity", "sigmoid", "softplus"};

double applied(SurrogateLink link, double q) {
    switch (link) {
        case SurrogateLink::Sigmoid:
            return 1 / (1 + std::exp(-q));
        case SurrogateLink::Softplus:
            return q > 30 ? q : std::log1p(std::exp(q));
        default:
            return q;
    }
}

double slope(SurrogateLink link, double q) {
    const double s = 1 / (1 + std::exp(-q));
    return link == SurrogateLink::Sigmoid ? s * (1 - s) : link == SurrogateLink::Softplus ? s : 1;
}

/// Of values that the link cannot reach, of the nearest that it can.
double inverse(SurrogateLink link, double y) {
    if (link == SurrogateLink::Identity) return y;
    if (link == SurrogateLink::Softplus) {
        const double above = std::max(y, 1e-3);
        return above > 30 ? above : std::log(std::expm1(above));
    }
    const double p = std::clamp(y, 0.01, 0.99);
    return std::log(p / (1 - p));
}

void appendTerms(std::span<const double> point, std::vector<double>& terms) {
    terms.push_back(1);
    terms.insert(terms.end(), point.begin(), point.end());
    for (std::size_t i = 0; i < point.size(); ++i)
        for (std::size_t j = i; j < point.size(); ++j) terms.push_back(point[i] * point[j]);
}

/// The points that count, as a matrix of terms, and their values.
struct Equations {
    std::size_t columns = 0;
    std::vector<double> terms, values;

    double quadratic(std::size_t row, const std::vector<double>& coefficients) const {
        double sum = 0;
        for (std::size_t i = 0; i < columns; ++i) sum += terms[row * columns + i] * coefficients[i];
        return sum;
    }
    double squaredError(SurrogateLink link, const std::vector<double>& coefficients) const {
        double sum = 0;
        for (std::size_t row = 0; row < values.size(); ++row)
            sum += std::pow(values[row] - applied(link, quadratic(row, coefficients)), 2);
        return sum;
    }
};

Equations equationsOf(const std::vector<std::vector<double>>& points, const std::vector<double>& values) {
    if (points.empty() || points.size() != values.size())
        throw Error("a surrogate needs points, and a value of each", "surrogate");
    Equations equations;
    const std::size_t n = points.front().size();
    equations.columns = QuadraticSurrogate::coefficientCount(n);
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (points[i].size() != n) throw Error("points of different lengths", "surrogate");
        if (!std::isfinite(values[i])) continue;
        appendTerms(points[i], equations.terms);
        equations.values.push_back(values[i]);
    }
    if (equations.values.size() < equations.columns)
        throw Error("too few points: " + std::to_string(equations.values.size()) + " for the " +
                        std::to_string(equations.columns) + " coefficients of a quadratic in " +
                        std::to_string(n) + " dimensions",
                    "surrogate", "evaluate more points");
    return equations;
}

/// A step of Levenberg and Marquardt: the least squares of [J; sqrt(damping)·|J's columns|] against
/// [residuals; 0].
std::vector<double> dampedStep(const Equations& equations, SurrogateLink link, const std::vector<double>& at,
                               double damping) {
    const std::size_t rows = equations.values.size(), columns = equations.columns;
    std::vector<double> jacobian(equations.terms), residuals, lengths(columns, 0);
    for (std::size_t row = 0; row < rows; ++row) {
        const double q = equations.quadratic(row, at), steepness = slope(link, q);
        residuals.push_back(equations.values[row] - applied(link, q));
        for (std::size_t i = 0; i < columns; ++i) {
            double& entry = jacobian[row * columns + i] *= steepness;
            lengths[i] += entry * entry;
        }
    }
    for (std::size_t i = 0; i < columns; ++i) {
        std::vector<double> extra(columns, 0);
        extra[i] = std::sqrt(damping * std::max(lengths[i], 1e-12));
        jacobian.insert(jacobian.end(), extra.begin(), extra.end());
        residuals.push_back(0);
    }
    return leastSquares(jacobian, residuals, columns);
}

std::vector<double> refined(const Equations& equations, SurrogateLink link,
                            std::vector<double> coefficients) {
    double error = equations.squaredError(link, coefficients), damping = 1e-3;
    for (int step = 0; step < 500 && damping < 1e12; ++step) {
        const std::vector<double> change = dampedStep(equations, link, coefficients, damping);
        std::vector<double> tried = coefficients;
        for (std::size_t i = 0; i < tried.size(); ++i) tried[i] += change[i];
        const double found = equations.squaredError(link, tried);
        if (!(found < error)) {
            damping *= 4;
            continue;
        }
        const bool settled = error - found <= 1e-14 * error;
        coefficients = std::move(tried);
        error = found;
        damping = std::max(damping / 3, 1e-12);
        if (settled) break;
    }
    return coefficients;
}

}  // namespace

std::string_view surrogateLinkName(SurrogateLink link) {
    return linkNames[std::size_t(link)];
}

SurrogateLink surrogateLinkOf(std::string_view name) {
    for (std::size_t i = 0; i < std::size(linkNames); ++i)
        if (linkNames[i] == name) return SurrogateLink(i);
    throw Error("unknown link '" + std::string(name) + "'", "surrogate", "identity, sigmoid or softplus");
}

std::size_t QuadraticSurrogate::coefficientCount(std::size_t dimensions) {
    return (dimensions + 1) * (dimensions + 2) / 2;
}

QuadraticSurrogate QuadraticSurrogate::fit(const std::vector<std::vector<double>>& points,
                                           const std::vector<double>& values, SurrogateLink link) {
    const Equations equations = equationsOf(points, values);
    std::vector<double> behind;
    for (const double value : equations.values) behind.push_back(inverse(link, value));
    std::vector<double> coefficients = leastSquares(equations.terms, behind, equations.columns);
    if (link != SurrogateLink::Identity) coefficients = refined(equations, link, std::move(coefficients));
    return {points.front().size(), link, std::move(coefficients)};
}

double QuadraticSurrogate::operator()(std::span<const double> point) const {
    if (point.size() != m_dimensions)
        throw Error("a point of " + std::to_string(point.size()) + " coordinates", "surrogate",
                    "it has " + std::to_string(m_dimensions));
    std::vector<double> terms;
    appendTerms(point, terms);
    double sum = 0;
    for (std::size_t i = 0; i < terms.size(); ++i) sum += terms[i] * m_coefficients[i];
    return applied(m_link, sum);
}

double QuadraticSurrogate::rSquared(const std::vector<std::vector<double>>& points,
                                    const std::vector<double>& values) const {
    double count = 0, mean = 0, residual = 0, total = 0;
    for (const double value : values)
        if (std::isfinite(value)) {
            mean += value;
            count += 1;
        }
    mean /= count;
    for (std::size_t i = 0; i < points.size(); ++i) {
        if (!std::isfinite(values[i])) continue;
        residual += std::pow(values[i] - (*this)(points[i]), 2);
        total += std::pow(values[i] - mean, 2);
    }
    return count < 2 || total <= 0 ? std::numeric_limits<double>::quiet_NaN() : 1 - residual / total;
}

Json QuadraticSurrogate::toJson() const {
    return Json{
        {"link", surrogateLinkName(m_link)}, {"dimensions", m_dimensions}, {"coefficients", m_coefficients}};
}

}  // namespace retort
