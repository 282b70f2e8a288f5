// Completions side by side in one forward pass, and their log-probabilities summed by completion.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/tasks/preference_file.h"
#include "training/model/causal_lm.h"
#include "training/objectives/preference_loss.h"
#include "training/recipes/token_sequence.h"

namespace retort {

/// Prompt and completion as token ids, with the end of sequence where it follows.
struct CompletionTokens {
    std::vector<std::int32_t> prompt, completion;

    static CompletionTokens of(const Tokenizer& tokenizer, const std::string& prompt,
                               const std::string& completion, bool ends);
    std::int64_t length() const { return std::int64_t(prompt.size() + completion.size()); }
};

struct TokenPair {
    CompletionTokens chosen, rejected;

    static TokenPair of(const Tokenizer& tokenizer, const PreferencePair& pair);
    std::int64_t length() const { return std::max(chosen.length(), rejected.length()); }
};

/// S completions, packed.
struct CompletionBatch {
    PackedBatch batch;
    std::int64_t count = 0, tokens = 0;
    torch::Tensor owners;  ///< [M] of each target: its completion; S: a prompt's token
    torch::Tensor
        textOwners;  ///< [M] … for the first `withText` ones prompt and completion alike; else undefined
    torch::Tensor lengths;      ///< [S] float32 completion tokens
    torch::Tensor textLengths;  ///< [S] float32 predicted tokens of prompt and completion

    /// The prompts of the first `withText` completions bear targets, too.
    static CompletionBatch pack(const std::vector<const CompletionTokens*>& completions,
                                std::size_t withText = 0);

    /// [S] Σ log-probability of each completion's tokens; differentiable as `logprobs` [M] are.
    torch::Tensor sums(const torch::Tensor& logprobs) const;
    torch::Tensor textSums(const torch::Tensor& logprobs) const;
    /// The completions' share of a number that each target has.
    double completionSum(const torch::Tensor& values, std::int64_t completions) const;
};

}  // namespace retort
