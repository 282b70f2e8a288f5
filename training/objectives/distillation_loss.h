// Distances between a teacher's and a student's next-token distributions (algorithms.md a.6), and the losses
// that supervised fine-tuning has besides cross entropy.
#pragma once

#include <cstdint>

#include "training/tensor.h"

namespace retort {

/// GKD's generalised Jensen-Shannon divergence of each row, in nats: log-probabilities [M, C] of both. β = 0
/// is KL(teacher ‖ student), β = 1 KL(student ‖ teacher), between them β·KL(teacher ‖ m) + (1-β)·KL(student ‖
/// m) with m = (1-β)·student + β·teacher. Its ends are not its limits: near them it goes to 0, as TRL's does.
torch::Tensor generalizedJsd(const torch::Tensor& student, const torch::Tensor& teacher, double beta);

/// A distribution by its likeliest tokens and the rest as one bucket.
struct TopProbabilities {
    torch::Tensor ids;       ///< [M, K] int64
    torch::Tensor logprobs;  ///< [M, K + 1]: of the ids, then of all other tokens together
};

/// The `k` likeliest of log-probabilities [M, V]; k < V.
TopProbabilities topProbabilities(const torch::Tensor& logprobs, std::int64_t k);
/// Another distribution [M, V] in the same buckets [M, K + 1]; differentiable.
torch::Tensor inBuckets(const torch::Tensor& logprobs, const torch::Tensor& ids);

/// Those `share` of the M tokens (at least one) at which the student's loss exceeds the reference's the most,
/// as a mask of the student's type (AdaSPEC, #186).
torch::Tensor learnableTokens(const torch::Tensor& studentLoss, const torch::Tensor& referenceLoss,
                              double share);

/// -log(1 - (1 - p)^N) of each completion with log-probability log p [S]: the negative log of the chance that
/// one of N samples is right (DCO, #49).
torch::Tensor passAtNLoss(const torch::Tensor& logprobs, double samples);

}  // namespace retort
