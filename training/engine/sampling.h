// What a generation is asked for and what it gives, without LibTorch.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/tokenizers/tokenizer.h"

namespace retort {

struct SamplingSettings {
    std::int64_t maxNewTokens = 128;
    double temperature = 1.0;  ///< 0: greedy
    double topP = 1.0;
    std::int64_t topK = 0;          ///< 0: off
    std::vector<std::string> stop;  ///< stop strings; the text is cut before them
    std::uint64_t seed = 1;
    bool recordEntropies = true;
};

struct Completion {
    /// Generated tokens, with the end-of-sequence token or the stop string's tokens when they came (a policy
    /// must learn them too); `completionText` is without.
    std::vector<std::int32_t> ids;
    std::vector<float> logprobs;   ///< of each, under softmax(logits / temperature) before top-k/top-p
    std::vector<float> entropies;  ///< of that distribution; empty unless asked for
    bool finished = false;         ///< false: cut off by maxNewTokens
    bool whole = false;            ///< it came to its end, finished or cut off; false: a stop came first
};

/// The completion's text, cut before the first of the stop strings.
std::string completionText(const Tokenizer& tokenizer, const Completion& completion,
                           const std::vector<std::string>& stop);

}  // namespace retort
