// How rotary position embeddings are stretched to contexts longer than the model was first trained on, as
// config.json says it: `rope_scaling` up to transformers v4, `rope_parameters` since v5 (engine.md d.2).
#pragma once

#include <cstdint>
#include <string>

#include "core/util/json.h"

namespace retort {

class ConfigFields;

enum class RopeType { Default, Linear, Dynamic, Llama3, Yarn };

/// "default", "linear", "dynamic", "llama3", "yarn".
const char* ropeTypeName(RopeType type);

/// Everything is resolved on reading: what the file leaves out has the value that transformers would use.
/// Fields that do not belong to the type keep their defaults.
struct RopeScaling {
    RopeType type = RopeType::Default;
    double factor = 1;                             ///< all types but the default
    std::int64_t originalMaxPositions = 0;         ///< dynamic, llama3, yarn: positions before the stretching
    double lowFreqFactor = 1, highFreqFactor = 4;  ///< llama3
    double betaFast = 32, betaSlow = 1;            ///< yarn: rotations where the ramp ends and begins
    double attentionFactor = 1;                    ///< yarn: multiplies cosine and sine
    bool truncate = true;                          ///< yarn: the ramp's ends are rounded to whole dimensions

    bool operator==(const RopeScaling&) const = default;
};

/// Theta and scaling from a whole config.json. Throws Error for types that Retort does not compute.
struct RopeSettings {
    double theta = 10000;
    RopeScaling scaling;
};
RopeSettings readRope(const ConfigFields& config, std::int64_t maxPositions);

/// Adds rope_theta, rope_scaling and rope_parameters: both generations of transformers read the result.
void writeRope(Json& config, double theta, const RopeScaling& scaling);

}  // namespace retort
