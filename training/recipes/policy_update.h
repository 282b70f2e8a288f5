// The trained half of a GRPO step: forward and backward passes over the rollouts, the optimizer's steps, and
// what they showed.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

#include "training/objectives/entropy.h"
#include "training/objectives/policy_loss.h"
#include "training/recipes/policy_batch.h"

namespace retort {

/// Of all batches and iterations of a step.
struct UpdateSums {
    double loss = 0, policy = 0, kl = 0, entropy = 0, tokens = 0, teacherKl = 0;
    double clippedLow = 0, clippedHigh = 0, lowMin = 1, highMax = 0;
    double maxLogit = -std::numeric_limits<double>::infinity();
    double sampledDifference = 0, sampledDifferenceMax = 0, sampledTokens = 0;
    double sampledRatio = 0, sampledRatioMin = std::numeric_limits<double>::infinity(), sampledRatioMax = 0;
};

/// What a step's loss weighs its terms with.
struct UpdateWeights {
    double beta = 0, entropyCoefficient = 0, teacherBeta = 0;
    std::int64_t maxCompletionLength = 0;
};

class PolicyUpdate {
  public:
    PolicyUpdate(TrainerParts& parts, RunSession& session, const GrpoSettings& settings);

    /// num_iterations optimizer steps over the batches. The first `noted` completions' token numbers go into
    /// `rollouts`, as of the last iteration. Adds loss, entropy, clip_ratio/… to `metrics`.
    UpdateSums run(Rollouts& rollouts, const std::vector<PolicyBatch>& batches, const UpdateWeights& weights,
                   std::int64_t step, std::size_t noted, Metrics& metrics);

  private:
    double backward(const PolicyBatch& batch, const UpdateWeights& weights, const StepTotals& totals,
                    UpdateSums& sums, Rollouts* notes, std::size_t noted) const;

    TrainerParts& m_parts;
    RunSession& m_session;
    const GrpoSettings& m_settings;
    PolicyLossSettings m_loss;
};

/// How far the sampler's log-probabilities lie from the training forward's, and the importance ratio
/// exp(training forward - sampler) of each token: a corrected policy gradient would weigh it with that; far
/// from 1, the two disagree on what was sampled. As TRL logs them, before any truncation.
void addSampledDifference(const PolicyBatch& batch, const torch::Tensor& logprobs, UpdateSums& sums);

}  // namespace retort
