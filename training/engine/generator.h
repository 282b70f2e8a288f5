// Batched generation with a KV cache: prompts are computed once per group, rows that finish leave early, sampling is
// reproducible whatever the batching (one Philox stream per seed, prompt and sample).
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/tokenizers/tokenizer.h"
#include "training/model/causal_lm.h"

namespace retort {

struct SamplingSettings {
    std::int64_t maxNewTokens = 128;
    double temperature = 1.0;  ///< 0: greedy
    double topP = 1.0;
    std::int64_t topK = 0;  ///< 0: off
    std::vector<std::string> stop;  ///< stop strings; the text is cut before them
    std::uint64_t seed = 1;
    bool recordEntropies = true;
};

struct Completion {
    /// Generated tokens, with the end-of-sequence token or the stop string's tokens when they came (a policy must
    /// learn them too); `completionText` is without.
    std::vector<std::int32_t> ids;
    std::vector<float> logprobs;    ///< of each, under softmax(logits / temperature) before top-k/top-p
    std::vector<float> entropies;   ///< of that distribution; empty unless asked for
    bool finished = false;          ///< false: cut off by maxNewTokens
};

/// The completion's text, cut before the first of the stop strings.
std::string completionText(const Tokenizer& tokenizer, const Completion& completion,
                           const std::vector<std::string>& stop);

class Generator {
  public:
    /// Keeps a reference to the model; `refresh()` after each change of its weights.
    Generator(std::shared_ptr<CausalLM> model, std::shared_ptr<const Tokenizer> tokenizer);
    ~Generator();

    /// Takes over the model's current weights (packs or casts them for decoding).
    void refresh();

    /// `samples` completions of each prompt, prompt-major: result[p * samples + s]. `streamBase + p` is the random
    /// stream's number, so a prompt's samples do not depend on its neighbours. Prompts may differ in length.
    std::vector<Completion> generate(const std::vector<std::vector<std::int32_t>>& prompts, std::int64_t samples,
                                     const SamplingSettings& settings, std::uint64_t streamBase = 0,
                                     std::stop_token stop = {});

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
