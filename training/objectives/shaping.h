// Reward terms as plain functions of lengths, token ids and step scores (algorithms.md a.4, methods.md).
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace retort {

/// DAPO's soft overlong punishment: 0 up to maxLength - cache tokens, straight down to -1 at maxLength, -1
/// beyond.
double softOverlongPunishment(std::int64_t tokens, std::int64_t maxLength, std::int64_t cache);

/// Cosine length reward (#100; TRL's get_cosine_scaled_reward). Right answers go from maxCorrect (at length
/// 0) down to minCorrect (at maxLength), wrong ones from minWrong up to maxWrong: short when it succeeds,
/// more thought when not.
struct CosineLength {
    std::int64_t maxLength = 64;
    double minWrong = -1, maxWrong = -0.5, minCorrect = 0.5, maxCorrect = 1;
    double exceeded = -1;  ///< for completions that were cut off

    double operator()(std::int64_t tokens, bool finished, bool correct) const;
};

/// (1 - distinct / all n-grams) · maxPenalty over token ids (TRL's get_repetition_penalty_reward); 0 for
/// completions shorter than an n-gram.
double repetitionPenalty(std::span<const std::int32_t> ids, std::int64_t size, double maxPenalty);

/// Kimi k1.5's length reward (#110) of a group: λ = 0.5 - (tokens - min) / (max - min); right answers get λ,
/// wrong ones min(0, λ); all 0 when every length is the same.
std::vector<double> kimiLengthRewards(std::span<const std::int64_t> tokens, const std::vector<bool>& correct);

/// The length part of the surrogate without labels (#36), with x = tokens / maxLength: 1 - (1 - x/peak)² up
/// to the peak, 1 - 2((x - peak)/(1 - peak))² beyond it. 1 at the peak, 0 at length 0, -1 at maxLength and
/// beyond.
double surrogateLength(std::int64_t tokens, std::int64_t maxLength, double peak);

/// Exploration bonus with a cap (#61): perStep for each different step beyond the `free` first ones, at most
/// `cap`.
double explorationBonus(std::span<const std::string_view> steps, double perStep, std::int64_t free,
                        double cap);

/// How a process reward model's step scores become step rewards (#92).
enum class StepShaping {
    None,
    Clip,       ///< min(q - η, 0): no step earns anything, so more steps cannot earn more
    Delta,      ///< q_k - q_{k+1}, the last keeps q: the return from step k on is q_k, bounded however many
                ///< follow
    ClipDelta,  ///< Delta of the clipped scores
};
std::vector<double> shapedStepRewards(std::span<const double> scores, StepShaping shaping, double eta);

}  // namespace retort
