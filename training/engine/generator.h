// Batched generation with a KV cache: prompts are computed once per group, rows that finish leave early,
// sampling is reproducible whatever the batching (one Philox stream per seed, prompt and sample).
#pragma once

#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "training/engine/sampling.h"
#include "training/model/causal_lm.h"

namespace retort {

class Generator {
  public:
    /// Keeps a reference to the model; `refresh()` after each change of its weights.
    Generator(std::shared_ptr<CausalLM> model, std::shared_ptr<const Tokenizer> tokenizer);
    ~Generator();

    /// Takes over the model's current weights (packs or casts them for decoding).
    void refresh();

    /// `samples` completions of each prompt, prompt-major: result[p * samples + s]. `streamBase + p` is the
    /// random stream's number, so a prompt's samples do not depend on its neighbours. Prompts may differ in
    /// length.
    std::vector<Completion> generate(const std::vector<std::vector<std::int32_t>>& prompts,
                                     std::int64_t samples, const SamplingSettings& settings,
                                     std::uint64_t streamBase = 0, std::stop_token stop = {});

  private:
    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
