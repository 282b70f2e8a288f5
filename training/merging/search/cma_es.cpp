#include "training/merging/search/cma_es.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/util/error.h"
#include "core/util/random.h"
#include "training/merging/search/dense.h"

namespace retort {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double worstCondition = 1e14;

double norm(const std::vector<double>& x) {
    double sum = 0;
    for (const double value : x) sum += value * value;
    return std::sqrt(sum);
}

std::size_t historyLength(std::size_t n, std::size_t lambda) {
    return 10 + std::size_t(std::ceil(30.0 * double(n) / double(lambda)));
}

}  // namespace

CmaEs::CmaEs(CmaEsSettings settings) : m_settings(std::move(settings)), m_n(m_settings.mean.size()) {
    check();
    m_lambda = m_settings.populationSize > 0 ? std::size_t(m_settings.populationSize)
                                             : 4 + std::size_t(3 * std::log(double(m_n)));
    setWeights();
    m_sigma = m_settings.sigma;
    m_mean = clamped(m_settings.mean);
    m_pathSigma.assign(m_n, 0);
    m_pathC.assign(m_n, 0);
    m_covariance.assign(m_settings.separable ? m_n : m_n * m_n, 0);
    for (std::size_t i = 0; i < m_n; ++i) m_covariance[m_settings.separable ? i : i * m_n + i] = 1;
    m_bestValue = infinity;
    decompose();
}

void CmaEs::check() const {
    const CmaEsSettings& s = m_settings;
    if (m_n == 0) throw Error("there is nothing to search: no dimensions", "CMA-ES");
    if (!(s.sigma > 0) || !std::isfinite(s.sigma))
        throw Error("the step size must be above 0", "CMA-ES: sigma " + std::to_string(s.sigma));
    if (s.populationSize != 0 && s.populationSize < 4)
        throw Error("a generation needs 4 points",
                    "CMA-ES: population_size " + std::to_string(s.populationSize));
    if ((!s.lower.empty() && s.lower.size() != m_n) || (!s.upper.empty() && s.upper.size() != m_n))
        throw Error("each dimension needs its bounds", "CMA-ES: " + std::to_string(m_n) + " dimensions");
    for (std::size_t i = 0; i < m_n; ++i)
        if (!std::isfinite(s.mean[i]) || (!s.lower.empty() && !s.upper.empty() && !(s.lower[i] < s.upper[i])))
            throw Error("no start, or no room between the bounds", "CMA-ES: dimension " + std::to_string(i));
}

/// The tutorial's table 1.
void CmaEs::setWeights() {
    const double n = double(m_n), lambda = double(m_lambda);
    m_mu = m_lambda / 2;
    m_weights.resize(m_lambda);
    double positive = 0, positiveSquares = 0, negative = 0, negativeSquares = 0;
    for (std::size_t i = 0; i < m_lambda; ++i) {
        const double w = m_weights[i] = std::log((lambda + 1) / 2) - std::log(double(i + 1));
        if (i < m_mu) {
            positive += w;
            positiveSquares += w * w;
        } else {
            negative += w;
            negativeSquares += w * w;
        }
    }
    m_muEff = positive * positive / positiveSquares;
    m_cC = (4 + m_muEff / n) / (n + 4 + 2 * m_muEff / n);
    m_cSigma = (m_muEff + 2) / (n + m_muEff + 5);
    m_dSigma = 1 + 2 * std::max(0.0, std::sqrt((m_muEff - 1) / (n + 1)) - 1) + m_cSigma;
    m_c1 = 2 / ((n + 1.3) * (n + 1.3) + m_muEff);
    m_cMu = std::min(1 - m_c1, 2 * (0.25 + m_muEff + 1 / m_muEff - 2) / ((n + 2) * (n + 2) + m_muEff));
    if (m_settings.separable) {
        const double faster = (n + 2) / 3;
        m_c1 = std::min(1.0, m_c1 * faster);
        m_cMu = std::min(1 - m_c1, m_cMu * faster);
    }
    m_chi = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
    const double muEffMinus = negative * negative / negativeSquares;
    const double most = std::min({1 + m_c1 / m_cMu, 1 + 2 * muEffMinus / (m_muEff + 2),
                                  std::max(0.0, (1 - m_c1 - m_cMu) / (n * m_cMu))});
    for (double& w : m_weights) w = w >= 0 ? w / positive : most * w / std::abs(negative);
}

void CmaEs::decompose() {
    m_deviations.resize(m_n);
    if (m_settings.separable) {
        for (std::size_t i = 0; i < m_n; ++i) m_deviations[i] = std::sqrt(m_covariance[i]);
        return;
    }
    SymmetricEigen eigen = symmetricEigen(m_covariance, m_n);
    m_axes = std::move(eigen.vectors);
    // Rounding can make the smallest of very different values negative.
    const double least = std::max(eigen.values.back(), 0.0) / worstCondition / 10;
    for (std::size_t i = 0; i < m_n; ++i) m_deviations[i] = std::sqrt(std::max(eigen.values[i], least));
}

/// y ~ N(0, C) of one point: a function of seed, generation and index.
std::vector<double> CmaEs::draw(std::size_t index) const {
    Random random(stableHash("cma-es", m_settings.seed), std::uint64_t(m_generation) << 24 | index);
    std::vector<double> z(m_n), y(m_n, 0);
    for (std::size_t i = 0; i < m_n; ++i) z[i] = random.normal() * m_deviations[i];
    if (m_settings.separable) return z;
    for (std::size_t i = 0; i < m_n; ++i)
        for (std::size_t j = 0; j < m_n; ++j) y[i] += m_axes[i * m_n + j] * z[j];
    return y;
}

std::vector<double> CmaEs::clamped(const std::vector<double>& x) const {
    std::vector<double> inside = x;
    for (std::size_t i = 0; i < m_n; ++i) {
        if (!m_settings.lower.empty()) inside[i] = std::max(inside[i], m_settings.lower[i]);
        if (!m_settings.upper.empty()) inside[i] = std::min(inside[i], m_settings.upper[i]);
    }
    return inside;
}

const std::vector<std::vector<double>>& CmaEs::ask() {
    if (!m_points.empty()) return m_points;
    for (std::size_t k = 0; k < m_lambda; ++k) {
        std::vector<double> y = draw(k), x = m_mean;
        for (std::size_t i = 0; i < m_n; ++i) x[i] += m_sigma * y[i];
        m_points.push_back(clamped(x));
        m_steps.push_back(std::move(y));
    }
    return m_points;
}

double CmaEs::deviation(std::size_t i) const {
    return std::sqrt(m_covariance[m_settings.separable ? i : i * m_n + i]);
}

/// How far the point was outside before it was clamped: mean square, in deviations.
double CmaEs::outside(std::size_t index) const {
    double sum = 0;
    for (std::size_t i = 0; i < m_n; ++i) {
        const double x = m_mean[i] + m_sigma * m_steps[index][i];
        const double d = (x - m_points[index][i]) / (m_sigma * deviation(i));
        sum += d * d;
    }
    return sum / double(m_n);
}

/// Best first. Being outside costs the interquartile range of the generation's values per unit of outside():
/// as in Hansen et al. 2009 ("a method for handling uncertainty"), with a fixed factor; it only matters
/// beside a bound.
std::vector<std::size_t> CmaEs::ranked(const std::vector<double>& values) const {
    std::vector<double> finite;
    for (const double value : values)
        if (std::isfinite(value)) finite.push_back(value);
    std::sort(finite.begin(), finite.end());
    const double range = finite.size() < 4 ? 0 : finite[finite.size() * 3 / 4] - finite[finite.size() / 4];
    std::vector<double> cost(values.size(), infinity);
    for (std::size_t k = 0; k < values.size(); ++k)
        if (std::isfinite(values[k])) cost[k] = values[k] + range * outside(k);
    std::vector<std::size_t> order(values.size());
    std::iota(order.begin(), order.end(), 0);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return cost[a] < cost[b]; });
    return order;
}

/// C^(-1/2)·y
std::vector<double> CmaEs::whitened(const std::vector<double>& y) const {
    std::vector<double> z(m_n, 0);
    if (m_settings.separable) {
        for (std::size_t i = 0; i < m_n; ++i) z[i] = y[i] / m_deviations[i];
        return z;
    }
    for (std::size_t j = 0; j < m_n; ++j) {
        double projected = 0;
        for (std::size_t i = 0; i < m_n; ++i) projected += m_axes[i * m_n + j] * y[i];
        projected /= m_deviations[j];
        for (std::size_t i = 0; i < m_n; ++i) z[i] += m_axes[i * m_n + j] * projected;
    }
    return z;
}

/// Both evolution paths and the step size. Returns h_sigma: 0 stalls the path of C while sigma grows fast.
double CmaEs::movePaths(const std::vector<double>& step) {
    const std::vector<double> white = whitened(step);
    const double forSigma = std::sqrt(m_cSigma * (2 - m_cSigma) * m_muEff);
    for (std::size_t i = 0; i < m_n; ++i)
        m_pathSigma[i] = (1 - m_cSigma) * m_pathSigma[i] + forSigma * white[i];
    const double length = norm(m_pathSigma);
    const double settled = std::sqrt(1 - std::pow(1 - m_cSigma, 2 * double(m_generation + 1)));
    const double heaviside = length / settled < (1.4 + 2 / (double(m_n) + 1)) * m_chi ? 1 : 0;
    const double forC = heaviside * std::sqrt(m_cC * (2 - m_cC) * m_muEff);
    for (std::size_t i = 0; i < m_n; ++i) m_pathC[i] = (1 - m_cC) * m_pathC[i] + forC * step[i];
    m_sigma *= std::exp(std::min(1.0, m_cSigma / m_dSigma * (length / m_chi - 1)));
    return heaviside;
}

void CmaEs::adaptCovariance(const std::vector<std::vector<double>>& steps, double heaviside) {
    std::vector<double> factors(m_lambda);
    double sum = 0;
    for (std::size_t k = 0; k < m_lambda; ++k) {
        factors[k] = m_weights[k];
        sum += m_weights[k];
        if (m_weights[k] >= 0) continue;
        const double length = norm(whitened(steps[k]));
        factors[k] *= double(m_n) / std::max(length * length, 1e-300);
    }
    const double keep = 1 + m_c1 * (1 - heaviside) * m_cC * (2 - m_cC) - m_c1 - m_cMu * sum;
    const auto entry = [&](std::size_t i, std::size_t j, double old) {
        double learned = 0;
        for (std::size_t k = 0; k < m_lambda; ++k) learned += factors[k] * steps[k][i] * steps[k][j];
        return keep * old + m_c1 * m_pathC[i] * m_pathC[j] + m_cMu * learned;
    };
    for (std::size_t i = 0; i < m_n; ++i) {
        if (m_settings.separable) {
            m_covariance[i] = entry(i, i, m_covariance[i]);
            continue;
        }
        for (std::size_t j = 0; j <= i; ++j)
            m_covariance[i * m_n + j] = m_covariance[j * m_n + i] = entry(i, j, m_covariance[i * m_n + j]);
    }
}

void CmaEs::tell(const std::vector<double>& values) {
    if (values.size() != m_points.size() || m_points.empty())
        throw Error(
            std::to_string(values.size()) + " values for " + std::to_string(m_points.size()) + " points",
            "CMA-ES");
    for (std::size_t k = 0; k < m_lambda; ++k)
        if (values[k] < m_bestValue) {  // false of NaN
            m_bestValue = values[k];
            m_bestPoint = m_points[k];
        }
    const std::vector<std::size_t> order = ranked(values);
    m_history.push_back(values[order.front()]);
    if (m_history.size() > historyLength(m_n, m_lambda)) m_history.erase(m_history.begin());

    std::vector<std::vector<double>> steps;
    for (const std::size_t k : order) steps.push_back(std::move(m_steps[k]));
    std::vector<double> move(m_n, 0);
    for (std::size_t k = 0; k < m_mu; ++k)
        for (std::size_t i = 0; i < m_n; ++i) move[i] += m_weights[k] * steps[k][i];
    for (std::size_t i = 0; i < m_n; ++i) m_mean[i] += m_sigma * move[i];
    adaptCovariance(steps, movePaths(move));
    decompose();
    m_evaluations += std::int64_t(m_lambda);
    m_generation += 1;
    m_points.clear();
    m_steps.clear();
}

std::string CmaEs::stopReason() const {
    const auto [narrow, wide] = std::minmax_element(m_deviations.begin(), m_deviations.end());
    if (*wide * *wide > worstCondition * *narrow * *narrow) return "condition";
    if (m_sigma * *wide < m_settings.tolX * m_settings.sigma) return "tolx";
    if (m_history.size() < historyLength(m_n, m_lambda)) return {};
    const auto [low, high] = std::minmax_element(m_history.begin(), m_history.end());
    if (!std::isfinite(*low) || *high - *low < m_settings.tolFun) return "tolfun";
    return {};
}

Json CmaEs::state() const {
    const CmaEsSettings& s = m_settings;
    return Json{{"settings",
                 {{"mean", s.mean},
                  {"sigma", s.sigma},
                  {"population_size", m_lambda},
                  {"separable", s.separable},
                  {"lower", s.lower},
                  {"upper", s.upper},
                  {"seed", s.seed},
                  {"tol_x", s.tolX},
                  {"tol_fun", s.tolFun}}},
                {"sigma", m_sigma},
                {"mean", m_mean},
                {"path_sigma", m_pathSigma},
                {"path_c", m_pathC},
                {"covariance", m_covariance},
                {"generation", m_generation},
                {"evaluations", m_evaluations},
                {"history", m_history},
                {"best_value", m_bestValue},  // null when infinite
                {"best_point", m_bestPoint}};
}

CmaEs CmaEs::fromState(const Json& state) try {
    // JSON has no infinity: a generation without a finite value has left null.
    const auto numbers = [](const Json& values) {
        std::vector<double> read;
        for (const Json& value : values) read.push_back(value.is_null() ? infinity : value.get<double>());
        return read;
    };
    const Json& s = state.at("settings");
    CmaEsSettings settings;
    settings.mean = s.at("mean").get<std::vector<double>>();
    settings.sigma = s.at("sigma");
    settings.populationSize = s.at("population_size");
    settings.separable = s.at("separable");
    settings.lower = s.at("lower").get<std::vector<double>>();
    settings.upper = s.at("upper").get<std::vector<double>>();
    settings.seed = s.at("seed");
    settings.tolX = s.at("tol_x");
    settings.tolFun = s.at("tol_fun");
    CmaEs search(std::move(settings));
    search.m_sigma = state.at("sigma");
    search.m_generation = state.at("generation");
    search.m_evaluations = state.at("evaluations");
    search.m_history = numbers(state.at("history"));
    search.m_bestValue = state.at("best_value").is_null() ? infinity : state.at("best_value").get<double>();
    search.m_bestPoint = state.at("best_point").get<std::vector<double>>();
    const auto take = [&](std::vector<double>& to, const char* name) {
        std::vector<double> read = state.at(name).get<std::vector<double>>();
        if (read.size() != to.size())
            throw Error("'" + std::string(name) + "' has another length", "CMA-ES state");
        to = std::move(read);
    };
    take(search.m_mean, "mean");
    take(search.m_pathSigma, "path_sigma");
    take(search.m_pathC, "path_c");
    take(search.m_covariance, "covariance");
    search.decompose();
    return search;
} catch (const Json::exception& error) {
    throw Error(std::string("not the state of a CMA-ES search: ") + error.what(), "CMA-ES state");
}

}  // namespace retort
