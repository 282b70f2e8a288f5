#include "training/objectives/gae.h"

#include <algorithm>
#include <cmath>

namespace retort {

TokenReturns generalisedAdvantages(std::span<const double> rewards, std::span<const double> values,
                                   double gamma, double lambda) {
    TokenReturns result{std::vector<double>(rewards.size()), std::vector<double>(rewards.size())};
    double next = 0, advantage = 0;
    for (std::size_t t = rewards.size(); t-- > 0;) {
        advantage = rewards[t] + gamma * next - values[t] + gamma * lambda * advantage;
        next = values[t];
        result.advantages[t] = advantage;
        result.returns[t] = advantage + values[t];
    }
    return result;
}

std::vector<double> tokenRewards(std::span<const double> kl, double coefficient, double score) {
    std::vector<double> rewards;
    for (const double value : kl) rewards.push_back(-coefficient * value);
    if (!rewards.empty()) rewards.back() += score;
    return rewards;
}

void whiten(std::vector<std::vector<double>>& tokens, bool shiftMean) {
    double count = 0, sum = 0, squares = 0;
    for (const auto& completion : tokens)
        for (const double value : completion) count += 1, sum += value;
    const double mean = sum / std::max(count, 1.0);
    for (const auto& completion : tokens)
        for (const double value : completion) squares += (value - mean) * (value - mean);
    const double scale = 1 / std::sqrt(squares / std::max(count - 1, 1.0) + 1e-8);
    for (auto& completion : tokens)
        for (double& value : completion) value = (value - mean) * scale + (shiftMean ? 0 : mean);
}

}  // namespace retort
