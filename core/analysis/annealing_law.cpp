#include "core/analysis/annealing_law.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace retort {
namespace {

constexpr std::size_t binsPerCurve = 64;
constexpr std::size_t fewestPoints = 8;
constexpr double huberDelta = 1e-3;  // of log L, as in the paper

// S1 and S2 of every step.
struct Sums {
    std::vector<double> s1, s2;
};

Sums sumsOf(const Schedule& schedule, double lambda) {
    Sums sums;
    double s1 = 0, s2 = 0, memory = 0;
    for (std::size_t i = 0; i < schedule.rates.size(); ++i) {
        s1 += schedule.rates[i];
        if (i > 0 && static_cast<std::int64_t>(i) >= schedule.warmup) {
            memory = lambda * memory + schedule.rates[i - 1] - schedule.rates[i];
            s2 += memory;
        }
        sums.s1.push_back(s1);
        sums.s2.push_back(s2);
    }
    return sums;
}

// A few steps of a curve together: their mean of log L, at the middle one.
struct Bin {
    std::size_t curve = 0, step = 0;  // step is counted from 0
    double logLoss = 0;
};

void addBins(const LossCurve& curve, std::size_t index, std::vector<Bin>& bins) {
    std::vector<std::pair<std::int64_t, double>> seen;
    const auto steps = static_cast<std::int64_t>(curve.schedule.rates.size());
    for (const auto& [step, loss] : curve.losses)
        if (step > curve.schedule.warmup && step <= steps && std::isfinite(loss) && loss > 0)
            seen.emplace_back(step, std::log(loss));
    const std::size_t count = std::min(binsPerCurve, seen.size());
    for (std::size_t bin = 0; bin < count; ++bin) {
        const std::size_t from = bin * seen.size() / count, to = (bin + 1) * seen.size() / count;
        double logLoss = 0, step = 0;
        for (std::size_t i = from; i < to; ++i) {
            step += static_cast<double>(seen[i].first);
            logLoss += seen[i].second;
        }
        const auto n = static_cast<double>(to - from);
        bins.push_back({index, static_cast<std::size_t>(std::llround(step / n)) - 1, logLoss / n});
    }
}

// What is fitted to: S1 and S2 of each bin over their largest, so that all parameters are near 1.
struct Problem {
    std::vector<double> s1, s2, logLoss;
    double scale1 = 1, scale2 = 1;
    bool anneals = false;
};

Problem problemOf(const std::vector<LossCurve>& curves, const std::vector<Bin>& bins, double lambda) {
    std::vector<Sums> sums;
    for (const LossCurve& curve : curves) sums.push_back(sumsOf(curve.schedule, lambda));
    Problem problem;
    double largest1 = 0, largest2 = 0;
    for (const Bin& bin : bins) {
        problem.s1.push_back(sums[bin.curve].s1[bin.step]);
        problem.s2.push_back(sums[bin.curve].s2[bin.step]);
        problem.logLoss.push_back(bin.logLoss);
        largest1 = std::max(largest1, problem.s1.back());
        largest2 = std::max(largest2, std::abs(problem.s2.back()));
    }
    problem.anneals = largest2 > 1e-9 * largest1;
    problem.scale1 = largest1 > 0 ? largest1 : 1;
    problem.scale2 = problem.anneals ? largest2 : 1;
    for (double& s : problem.s1) s /= problem.scale1;
    for (double& s : problem.s2) s /= problem.scale2;
    return problem;
}

// Logarithms of L0, A, α and C: all of them are positive.
using Point = std::array<double, 4>;

struct State {
    Point at{};
    double cost = std::numeric_limits<double>::infinity();
    std::array<std::array<double, 4>, 4> hessian{};
    Point gradient{};
};

double huber(double r) {
    const double size = std::abs(r);
    return size <= huberDelta ? 0.5 * r * r : huberDelta * (size - 0.5 * huberDelta);
}

// Cost, gradient and Gauss-Newton matrix (weights of the Huber loss); infinite where the law leaves the
// positive.
State evaluate(const Problem& problem, const Point& at) {
    State state;
    state.at = at;
    const double l0 = std::exp(at[0]), a = std::exp(at[1]), alpha = std::exp(at[2]);
    const double c = problem.anneals ? std::exp(at[3]) : 0;
    double cost = 0;
    for (std::size_t i = 0; i < problem.s1.size(); ++i) {
        const double logS1 = std::log(std::max(problem.s1[i], 1e-12));
        const double power = a * std::exp(-alpha * logS1), annealed = c * problem.s2[i];
        const double loss = l0 + power - annealed;
        if (!(loss > 0) || !std::isfinite(loss)) return state;
        const double r = std::log(loss) - problem.logLoss[i];
        const double weight = std::min(1.0, huberDelta / std::max(std::abs(r), 1e-300));
        const Point slope = {l0 / loss, power / loss, -alpha * logS1 * power / loss, -annealed / loss};
        cost += huber(r);
        for (std::size_t j = 0; j < 4; ++j) {
            state.gradient[j] += weight * r * slope[j];
            for (std::size_t k = 0; k < 4; ++k) state.hessian[j][k] += weight * slope[j] * slope[k];
        }
    }
    state.cost = cost;
    return state;
}

// (H + damping·diag) x = −g by elimination with pivots.
Point solve(State state, double damping) {
    auto& h = state.hessian;
    Point x{};
    for (std::size_t i = 0; i < 4; ++i) {
        h[i][i] += damping * std::max(h[i][i], 1e-9);
        x[i] = -state.gradient[i];
    }
    for (std::size_t column = 0; column < 4; ++column) {
        std::size_t pivot = column;
        for (std::size_t row = column + 1; row < 4; ++row)
            if (std::abs(h[row][column]) > std::abs(h[pivot][column])) pivot = row;
        std::swap(h[column], h[pivot]);
        std::swap(x[column], x[pivot]);
        for (std::size_t row = column + 1; row < 4; ++row) {
            const double factor = h[row][column] / h[column][column];
            for (std::size_t k = column; k < 4; ++k) h[row][k] -= factor * h[column][k];
            x[row] -= factor * x[column];
        }
    }
    for (std::size_t i = 4; i-- > 0;) {
        for (std::size_t k = i + 1; k < 4; ++k) x[i] -= h[i][k] * x[k];
        x[i] /= h[i][i];
    }
    return x;
}

// Levenberg-Marquardt from one start.
State descend(const Problem& problem, const Point& start) {
    State best = evaluate(problem, start);
    double damping = 1e-2;
    for (int iteration = 0; iteration < 80 && std::isfinite(best.cost); ++iteration) {
        const Point by = solve(best, damping);
        Point at = best.at;
        for (std::size_t i = 0; i < 4; ++i)
            at[i] = std::clamp(at[i] + std::clamp(by[i], -1.0, 1.0), -25.0, 10.0);
        at[2] = std::clamp(at[2], std::log(0.01), std::log(5.0));
        const State next = evaluate(problem, at);
        if (next.cost < best.cost) {
            const bool settled = best.cost - next.cost < 1e-10 * best.cost;
            best = next;
            damping = std::max(damping * 0.3, 1e-9);
            if (settled) break;
        } else {
            damping *= 4;
            if (damping > 1e9) break;
        }
    }
    return best;
}

State bestOf(const Problem& problem) {
    const double lowest = std::exp(*std::min_element(problem.logLoss.begin(), problem.logLoss.end()));
    State best;
    for (const double share : {0.3, 0.9})
        for (const double alpha : {0.2, 0.5, 1.2})
            for (const double anneal : {0.02, 0.3}) {
                const Point start = {std::log(share * lowest), std::log((1.02 - share) * lowest),
                                     std::log(alpha), std::log(anneal * lowest)};
                State found = descend(problem, start);
                if (found.cost < best.cost) best = found;
            }
    return best;
}

AnnealingLaw lawOf(const Problem& problem, const Point& at, double lambda) {
    AnnealingLaw law;
    law.l0 = std::exp(at[0]);
    law.alpha = std::exp(at[2]);
    law.a = std::exp(at[1]) * std::pow(problem.scale1, law.alpha);
    law.c = problem.anneals ? std::exp(at[3]) / problem.scale2 : 0;
    law.lambda = lambda;
    return law;
}

double meanError(const std::vector<LossCurve>& curves, const std::vector<Bin>& bins,
                 const AnnealingLaw& law) {
    std::vector<std::vector<double>> predicted;
    for (const LossCurve& curve : curves) predicted.push_back(predictLoss(law, curve.schedule));
    double sum = 0;
    for (const Bin& bin : bins) sum += std::abs(predicted[bin.curve][bin.step] / std::exp(bin.logLoss) - 1);
    return sum / static_cast<double>(bins.size());
}

}  // namespace

std::vector<double> predictLoss(const AnnealingLaw& law, const Schedule& schedule) {
    const Sums sums = sumsOf(schedule, law.lambda);
    std::vector<double> losses(schedule.rates.size(), std::numeric_limits<double>::quiet_NaN());
    for (std::size_t i = 0; i < losses.size(); ++i) {
        if (static_cast<std::int64_t>(i) < schedule.warmup || sums.s1[i] <= 0) continue;
        const double loss = law.l0 + law.a * std::pow(sums.s1[i], -law.alpha) - law.c * sums.s2[i];
        if (loss > 0) losses[i] = loss;
    }
    return losses;
}

std::optional<AnnealingFit> fitAnnealingLaw(const std::vector<LossCurve>& curves) {
    std::vector<Bin> bins;
    std::size_t longest = 0;
    for (std::size_t i = 0; i < curves.size(); ++i) {
        addBins(curves[i], i, bins);
        longest = std::max(longest, curves[i].schedule.rates.size());
    }
    if (bins.size() < fewestPoints) return std::nullopt;
    AnnealingFit fit;
    double lowest = std::numeric_limits<double>::infinity();
    for (const double lambda : {0.9, 0.95, 0.98, 0.99, 0.995, 0.998, 0.999}) {
        // A memory as long as the run cannot be told from none at all.
        if (lambda > 0.9 && 4 / (1 - lambda) > static_cast<double>(longest)) break;
        const Problem problem = problemOf(curves, bins, lambda);
        const State best = bestOf(problem);
        if (best.cost >= lowest) continue;
        lowest = best.cost;
        fit.law = lawOf(problem, best.at, lambda);
        fit.sawAnnealing = problem.anneals;
        if (!problem.anneals) break;  // all λ are alike
    }
    if (!std::isfinite(lowest)) return std::nullopt;
    fit.error = meanError(curves, bins, fit.law);
    if (!std::isfinite(fit.error)) return std::nullopt;
    return fit;
}

}  // namespace retort
