// The learning rate over the steps of a run: what the trainer sets and what the Design page draws.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>

#include "core/config/run_config.h"

namespace retort {

/// Learning rate of optimizer step `step` (1 … max_steps). Linear warm-up over `warmup_steps`; then
/// "constant", "cosine" or "linear" down to learning_rate × min_lr_ratio at the last step, or "wsd":
/// constant, with a linear decay over the last `decay_share` of all steps.
inline double scheduledLearningRate(const TrainingSettings& training, std::int64_t step) {
    const double peak = training.learning_rate;
    const double floor = training.min_lr_ratio;
    if (step < training.warmup_steps) {
        return peak * static_cast<double>(std::max<std::int64_t>(step, 0)) /
               static_cast<double>(training.warmup_steps);
    }
    const auto decaysFrom = [&](std::int64_t start) {
        const double span = static_cast<double>(std::max<std::int64_t>(training.max_steps - start, 1));
        return std::clamp(static_cast<double>(step - start) / span, 0.0, 1.0);
    };
    const std::string& type = training.lr_scheduler_type;
    if (type == "cosine") {
        const double progress = decaysFrom(training.warmup_steps);
        return peak * (floor + (1 - floor) * 0.5 * (1 + std::cos(std::numbers::pi * progress)));
    }
    if (type == "linear") return peak * (1 - (1 - floor) * decaysFrom(training.warmup_steps));
    if (type == "wsd") {
        const auto decaySteps =
            static_cast<std::int64_t>(training.decay_share * static_cast<double>(training.max_steps));
        const std::int64_t start = std::max(training.max_steps - decaySteps, training.warmup_steps);
        return step <= start ? peak : peak * (1 - (1 - floor) * decaysFrom(start));
    }
    return peak;
}

}  // namespace retort
