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

    /// Of each batch in each iteration: tokens, and how many of them were clipped below and above.
    struct Clipping {
        std::vector<double> tokens, low, high;
    } clipping;

    void addClipping(double batchTokens, double low, double high);
    /// Adds the other ranks' sums, and finds what is least and most over the batches.
    void finish(ProcessGroup& group);
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
    struct Pass {
        bool first = false, last = false;  ///< of the iterations
        std::size_t noted = 0;
    };
    double backward(const PolicyBatch& batch, const UpdateWeights& weights, StepTotals totals,
                    UpdateSums& sums, Rollouts& rollouts, const Pass& pass) const;

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
