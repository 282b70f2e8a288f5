// Generalised advantage estimation (Schulman et al. 2016) and the rewards of PPO's tokens (algorithms.md
// a.3).
#pragma once

#include <span>
#include <vector>

namespace retort {

struct TokenReturns {
    std::vector<double> advantages, returns;
};

/// Of one completion: δ_t = r_t + γ·V_{t+1} - V_t, A_t = δ_t + γλ·A_{t+1}, returns A + V; the value after the
/// last token is 0. `values[t]` belongs to the state before token t.
TokenReturns generalisedAdvantages(std::span<const double> rewards, std::span<const double> values,
                                   double gamma, double lambda);

/// r_t = -coefficient · kl_t, plus `score` at the last token.
std::vector<double> tokenRewards(std::span<const double> kl, double coefficient, double score);

/// To variance 1 over all tokens (Bessel, 1e-8 under the root, as in TRL), and to mean 0 where `shiftMean`.
void whiten(std::vector<std::vector<double>>& tokens, bool shiftMean);

}  // namespace retort
