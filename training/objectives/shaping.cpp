#include "training/objectives/shaping.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

namespace retort {

double softOverlongPunishment(std::int64_t tokens, std::int64_t maxLength, std::int64_t cache) {
    if (tokens <= maxLength - cache) return 0;
    if (tokens >= maxLength) return -1;
    return double(maxLength - cache - tokens) / double(cache);
}

double CosineLength::operator()(std::int64_t tokens, bool finished, bool correct) const {
    if (!finished || tokens > maxLength) return exceeded;
    const double atZero = correct ? maxCorrect : minWrong, atEnd = correct ? minCorrect : maxWrong;
    const double progress = double(tokens) / double(maxLength);
    return atEnd + (atZero - atEnd) * (1 + std::cos(std::numbers::pi * progress)) / 2;
}

double repetitionPenalty(std::span<const std::int32_t> ids, std::int64_t size, double maxPenalty) {
    if (size < 1 || std::int64_t(ids.size()) < size) return 0;
    const auto isLess = [](std::span<const std::int32_t> a, std::span<const std::int32_t> b) {
        return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end());
    };
    std::set<std::span<const std::int32_t>, decltype(isLess)> distinct(isLess);
    const std::size_t all = ids.size() - std::size_t(size) + 1;
    for (std::size_t i = 0; i < all; ++i) distinct.insert(ids.subspan(i, std::size_t(size)));
    return (1 - double(distinct.size()) / double(all)) * maxPenalty;
}

std::vector<double> kimiLengthRewards(std::span<const std::int64_t> tokens,
                                      const std::vector<bool>& correct) {
    std::vector<double> rewards(tokens.size());
    if (tokens.empty()) return rewards;
    const auto [shortest, longest] = std::minmax_element(tokens.begin(), tokens.end());
    if (*shortest == *longest) return rewards;
    for (std::size_t i = 0; i < tokens.size(); ++i) {
        const double lambda = 0.5 - double(tokens[i] - *shortest) / double(*longest - *shortest);
        rewards[i] = correct[i] ? lambda : std::min(0.0, lambda);
    }
    return rewards;
}

double surrogateLength(std::int64_t tokens, std::int64_t maxLength, double peak) {
    const double x = std::min(double(tokens) / double(maxLength), 1.0);
    const double away = x <= peak ? 1 - x / peak : (x - peak) / (1 - peak);
    return x <= peak ? 1 - away * away : 1 - 2 * away * away;
}

double explorationBonus(std::span<const std::string_view> steps, double perStep, std::int64_t free,
                        double cap) {
    const std::set<std::string_view> distinct(steps.begin(), steps.end());
    const double extra = std::max(double(distinct.size()) - double(free), 0.0);
    return std::min(perStep * extra, cap);
}

std::vector<double> shapedStepRewards(std::span<const double> scores, StepShaping shaping, double eta) {
    std::vector<double> rewards(scores.begin(), scores.end());
    if (shaping == StepShaping::Clip || shaping == StepShaping::ClipDelta)
        for (double& reward : rewards) reward = std::min(reward - eta, 0.0);
    if (shaping == StepShaping::Delta || shaping == StepShaping::ClipDelta)
        for (std::size_t k = 0; k + 1 < rewards.size(); ++k) rewards[k] -= rewards[k + 1];
    return rewards;
}

}  // namespace retort
