// Generation with LibTorch's operations on whatever device the model is on: keys and values stay there, and
// so do the tokens, which the host looks at every so many steps only, to see which rows have ended.
#pragma once

#include <cstdint>
#include <stop_token>
#include <vector>

#include "training/engine/generation_rows.h"
#include "training/engine/sampling.h"
#include "training/model/causal_lm.h"

namespace retort {

/// As Generator::generate, to the same choices up to rounding. `endRule` decides where a row ends: up to 15
/// tokens more may be computed, none of them is returned.
std::vector<Completion> generateWithTensors(const CausalLM& model, DecodePrecision precision,
                                            const std::vector<std::vector<std::int32_t>>& prompts,
                                            std::int64_t samples, const SamplingSettings& settings,
                                            std::uint64_t streamBase, const Tokenizer& tokenizer,
                                            const EndRule& endRule, const std::stop_token& stop);

}  // namespace retort
