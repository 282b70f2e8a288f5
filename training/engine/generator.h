// Batched generation with a KV cache: prompts are computed once per group, rows that finish leave early,
// sampling is reproducible whatever the batching (one Philox stream per seed, prompt and sample).
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "training/engine/process_group.h"
#include "training/engine/sampling.h"
#include "training/model/causal_lm.h"

namespace retort {

class Generator {
  public:
    /// Keeps a reference to the model; `refresh()` after each change of its weights.
    Generator(std::shared_ptr<CausalLM> model, std::shared_ptr<const Tokenizer> tokenizer,
              DecodePrecision precision = DecodePrecision::Float32);
    /// Decodes from a checkpoint folder on the CPU without a model to train: the weights go from the mapped
    /// files into the decoder's form, a matrix at a time. Throws Error as CausalLM::load does.
    Generator(const std::filesystem::path& checkpoint, std::shared_ptr<const Tokenizer> tokenizer,
              DecodePrecision precision = DecodePrecision::Float32);
    ~Generator();

    /// Takes over the model's current weights, with its adapter (packs or rounds them for decoding). Nothing
    /// to do for a checkpoint.
    void refresh();
    /// From now on generate() is collective: every rank asks for the same, generates its share of the prompts
    /// and gets the completions of all of them, to the bit as one process would. `cut` ends a rank's share
    /// early; where one of them was, all are told so by `onCut`.
    void shareAmong(std::shared_ptr<ProcessGroup> group, std::stop_token cut, std::function<void()> onCut);
    /// As `other` is shared.
    void shareLike(const Generator& other);
    /// Rank 0's numbers for all ranks; collective. For what decides about what is generated next: a model's
    /// numbers differ in their last bits between ranks of other threads or processors.
    void agreeOn(std::vector<double>& numbers);
    const ModelShape& shape() const;
    /// Memory of the decoder's weights.
    std::size_t weightBytes() const;

    /// `samples` completions of each prompt, prompt-major: result[p * samples + s]. `streamBase + p` is the
    /// random stream's number, so a prompt's samples do not depend on its neighbours. Prompts may differ in
    /// length.
    std::vector<Completion> generate(const std::vector<std::vector<std::int32_t>>& prompts,
                                     std::int64_t samples, const SamplingSettings& settings,
                                     std::uint64_t streamBase = 0, std::stop_token stop = {});

  private:
    std::vector<Completion> generateHere(const std::vector<std::vector<std::int32_t>>& prompts,
                                         std::int64_t samples, const SamplingSettings& settings,
                                         std::uint64_t streamBase, std::stop_token stop);

    struct Impl;
    std::unique_ptr<Impl> m_impl;
};

}  // namespace retort
