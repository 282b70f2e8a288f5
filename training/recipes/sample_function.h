// Generation as a function, for what samples again and again: a test puts a script in the policy's place.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "training/engine/sampling.h"

namespace retort {

/// `samples` completions of each prompt (token ids), prompt-major, as Generator::generate gives them; one
/// that is not `whole` says that a stop came. The last argument is the first prompt's random stream.
using SampleFunction = std::function<std::vector<Completion>(
    const std::vector<std::vector<std::int32_t>>&, std::int64_t, const SamplingSettings&, std::uint64_t)>;

}  // namespace retort
