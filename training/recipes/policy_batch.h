// A step's completions as packed batches for the policy's forward and backward passes.
#pragma once

#include <cstdint>
#include <vector>

#include "training/model/causal_lm.h"
#include "training/recipes/rollouts.h"

namespace retort {

/// A contiguous part of the step's completions: one forward and backward pass. Tensors have one entry a
/// completion token, in the order of the completions.
struct PolicyBatch {
    PackedBatch batch;
    std::size_t first = 0;              ///< the first completion's place in the rollouts
    std::vector<std::int64_t> lengths;  ///< completion tokens of each sequence
    std::vector<bool> included;         ///< false: bears no loss
    double includedTokens = 0;          ///< of the whole batch, other ranks' shares of it included
    torch::Tensor advantages, sampledLogprobs;
    torch::Tensor oldLogprobs, referenceLogprobs;  ///< undefined when not needed
    torch::Tensor teacherLogprobs, teacherMask;    ///< undefined without a teacher
};

/// The completions [first, last). Advantages are the tokens' own where `tokenNumbers` has them, else the
/// completion's.
PolicyBatch packCompletions(const Rollouts& rollouts, std::size_t first, std::size_t last,
                            bool maskTruncatedCompletions);
/// All of them in `parts` batches of nearly equal count, of which each rank has its share; one may be empty.
std::vector<PolicyBatch> splitCompletions(const Rollouts& rollouts, std::int64_t parts,
                                          bool maskTruncatedCompletions, const ProcessGroup& group);

/// Log-probabilities of the completions under `model`, into `member`. By the training forward, not the
/// sampler's: the two differ by rounding, and the ratio must start at 1.
void addLogprobs(std::vector<PolicyBatch>& batches, CausalLM& model, double temperature,
                 torch::Tensor PolicyBatch::*member);

/// What each rank noted of its completions among the first `noted`, to all ranks.
void shareNotes(ProcessGroup& group, const std::vector<PolicyBatch>& batches, std::size_t noted,
                Rollouts& rollouts);

/// `values` (one a completion token of the batch) cut into completions.
template <class T>
std::vector<std::vector<T>> perCompletion(const PolicyBatch& batch, const torch::Tensor& values) {
    const torch::Tensor flat = values.detach().cpu().contiguous();
    const T* next = flat.data_ptr<T>();
    std::vector<std::vector<T>> result;
    for (const std::int64_t length : batch.lengths) {
        result.emplace_back(next, next + length);
        next += length;
    }
    return result;
}

}  // namespace retort
