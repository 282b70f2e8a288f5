// trainer.json of a checkpoint: what an exact resume needs besides weights and moments. The data's cursor and
// the random streams are functions of (seed, step), so the step holds them too.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/util/json.h"

namespace retort {

struct TrainerState {
    std::int64_t step = 0;     ///< optimizer steps (grpo: rollout steps) done
    std::int64_t updates = 0;  ///< of the optimizer: grpo takes num_iterations of them a step
    std::int64_t tokens = 0;   ///< training tokens consumed
    std::int32_t attempt = 1;
    bool evaluated = false;  ///< an evaluation that is due at this step is done
    int threads = 1;         ///< results differ with the thread count, so a resume keeps it
    std::string precision = "fp32";
    std::string recipe;
    std::int64_t seed = 0;
    Json alarms;  ///< AlarmMonitor's; null: none yet

    bool operator==(const TrainerState&) const = default;
};

void writeTrainerState(const std::filesystem::path& file, const TrainerState& state);
/// Throws Error naming the file when it is missing, malformed or of a newer format.
TrainerState readTrainerState(const std::filesystem::path& file);

}  // namespace retort
