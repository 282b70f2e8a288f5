// What a configuration will cost, as far as it can be counted before it runs.
#pragma once

#include <cstdint>
#include <optional>

#include "core/config/run_config.h"

namespace retort {

struct RunEstimate {
    /// Parameters of the new model; absent when it starts from a checkpoint (whose shape rules).
    std::optional<std::int64_t> parameters;
    /// Tokens that the optimizer sees in the whole run, at most: every sequence as long as allowed.
    std::int64_t mostTokens = 0;
    std::int64_t sequencesPerStep = 0;
};

RunEstimate estimateRun(const RunConfig& config);

/// Of a decoder in the Llama/Qwen shape with this vocabulary.
std::int64_t countParameters(const ModelSettings& model, std::int64_t vocabulary);

}  // namespace retort
