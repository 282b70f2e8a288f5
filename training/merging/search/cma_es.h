// CMA-ES: minimises a function of some tens of numbers without its gradient. To the letter of Hansen, "The
// CMA Evolution Strategy: A Tutorial" (arXiv:1604.00772), with its defaults, negative weights included;
// `separable` is Ros and Hansen 2008. Ask for points, evaluate them, tell the values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/util/json.h"

namespace retort {

struct CmaEsSettings {
    std::vector<double> mean;         ///< where it starts; its length is the number of dimensions
    double sigma = 1.0 / 6;           ///< first step size; mergekit-evolve's
    std::int64_t populationSize = 0;  ///< 0: 4 + ⌊3 ln n⌋
    bool separable = false;  ///< only variances: linear in n, and learns them (n + 2) / 3 times as fast
    std::vector<double> lower, upper;  ///< bounds, one a dimension; empty: none
    std::uint64_t seed = 1;
    double tolX = 1e-11;    ///< ends when no coordinate's deviation is above this share of the first sigma
    double tolFun = 1e-11;  ///< ends when the best values of the last generations differ by less
};

class CmaEs {
  public:
    /// Throws Error: no dimensions, a step size or bounds that are none, fewer than 4 points a generation.
    explicit CmaEs(CmaEsSettings settings);

    /// The next generation's points, inside the bounds (what lies outside is clamped; the distance is paid
    /// for when the values are told). The same points until they are told.
    const std::vector<std::vector<double>>& ask();
    /// A value for each point, lower is better; one that is not finite counts as worse than all others.
    void tell(const std::vector<double>& values);

    /// Why it makes no sense to go on ("tolfun", "tolx", "condition"); empty: it does.
    std::string stopReason() const;

    std::int64_t evaluations() const { return m_evaluations; }
    std::int64_t generation() const { return m_generation; }
    std::size_t populationSize() const { return m_lambda; }
    double sigma() const { return m_sigma; }
    const std::vector<double>& mean() const { return m_mean; }
    /// Of all points told so far; infinite and empty before the first finite value.
    double bestValue() const { return m_bestValue; }
    const std::vector<double>& bestPoint() const { return m_bestPoint; }

    /// Everything: a copy that is made of it goes on with the same points. Between tell() and ask().
    Json state() const;
    /// Throws Error for what state() did not write.
    static CmaEs fromState(const Json& state);

  private:
    void setWeights();
    void decompose();
    std::vector<double> draw(std::size_t index) const;
    std::vector<double> clamped(const std::vector<double>& x) const;
    double outside(std::size_t index) const;
    std::vector<std::size_t> ranked(const std::vector<double>& values) const;
    std::vector<double> whitened(const std::vector<double>& y) const;
    double movePaths(const std::vector<double>& step);
    void adaptCovariance(const std::vector<std::vector<double>>& steps, double heaviside);
    double deviation(std::size_t i) const;
    void check() const;

    CmaEsSettings m_settings;
    std::size_t m_n = 0, m_lambda = 0, m_mu = 0;
    // Strategy parameters, in the tutorial's letters.
    std::vector<double> m_weights;
    double m_muEff = 0, m_cSigma = 0, m_dSigma = 0, m_cC = 0, m_c1 = 0, m_cMu = 0, m_chi = 0;
    // State.
    double m_sigma = 0;
    std::vector<double> m_mean, m_pathSigma, m_pathC;
    std::vector<double> m_covariance;          // [n × n], or [n] when separable
    std::vector<double> m_axes, m_deviations;  // B and D of C = B·D²·Bᵀ; axes are empty when separable
    std::int64_t m_generation = 0, m_evaluations = 0;
    std::vector<double> m_history;  // best values of the last generations
    double m_bestValue = 0;
    std::vector<double> m_bestPoint;
    std::vector<std::vector<double>> m_steps, m_points;  // of the generation asked for: y and clamped x
};

}  // namespace retort
