// The clipped policy-gradient losses of the GRPO family (algorithms.md a.1 and a.2), over packed tokens.
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/config/run_config.h"

namespace retort {

enum class KlEstimator { K1, K2, K3 };
KlEstimator klEstimatorFrom(const std::string& name);  ///< "k1", "k2", "k3"; throws Error

/// How token losses are summed to one number.
enum class LossType {
    Grpo,    ///< mean over completions of their token mean
    Bnpo,    ///< mean over the tokens of this micro-batch
    DrGrpo,  ///< sum / (completions × max_completion_length): no bias by length
    Dapo,    ///< mean over the tokens of the whole optimizer step
};
LossType lossTypeFrom(const std::string& name);  ///< "grpo", "bnpo", "dr_grpo", "dapo"; throws Error

struct PolicyLossSettings {
    LossType lossType = LossType::Dapo;
    KlEstimator klEstimator = KlEstimator::K3;
    double epsilonLow = 0.2, epsilonHigh = 0.2;
    double beta = 0;
    std::int64_t maxCompletionLength = 0;  ///< dr_grpo only

    static PolicyLossSettings from(const GrpoSettings& settings);
};

/// What the micro-batches of one optimizer step share.
struct StepTotals {
    double completions = 0;   ///< in all micro-batches
    double tokens = 0;        ///< completion tokens in all micro-batches
    double microBatches = 1;  ///< bnpo averages over micro-batches, each with its own token count
};

/// Weight of each completion token in the loss, so that the loss is Σ weight · token loss. `lengths`: tokens
/// of each completion of the micro-batch; `included[i]` false leaves completion i out (a truncated one)
/// without changing the count of completions, as in TRL.
std::vector<double> tokenWeights(const PolicyLossSettings& settings, const std::vector<std::int64_t>& lengths,
                                 const std::vector<bool>& included, const StepTotals& totals);

/// One entry a completion token, all of equal length M and dtype.
struct PolicyTokens {
    torch::Tensor logprobs;           ///< under the policy that learns; carries gradients
    torch::Tensor oldLogprobs;        ///< under the policy that sampled; undefined: logprobs.detach()
    torch::Tensor referenceLogprobs;  ///< under the frozen reference; undefined: no KL term
    torch::Tensor advantages;
    torch::Tensor weights;  ///< of tokenWeights()
};

struct PolicyLoss {
    torch::Tensor loss;  ///< with the KL term
    double policy = 0;   ///< without it
    double klSum = 0;    ///< Σ of the estimate over tokens
    /// Tokens whose ratio was below 1 - ε_low with a negative advantage, above 1 + ε_high with a positive
    /// one.
    double clippedLow = 0, clippedHigh = 0;
    double tokens = 0;
};

/// L_t = -min(ρ·A, clip(ρ, 1-ε_low, 1+ε_high)·A) + β·kl_t.
PolicyLoss policyLoss(const PolicyLossSettings& settings, const PolicyTokens& tokens);

/// The per-token estimate of KL(policy ‖ reference), ℓ = logprobs - reference: k1 = ℓ, k2 = ℓ²/2, k3 = e^-ℓ +
/// ℓ - 1. The gradient of k1 has expectation zero on-policy: as a loss it would be noise, so k1 keeps its
/// value and takes k2's gradient (verl's "k1+"). k2 and k3 keep their own; k3's is the one that GRPO and TRL
/// use.
torch::Tensor klEstimate(KlEstimator estimator, const torch::Tensor& logprobs,
                         const torch::Tensor& reference);

}  // namespace retort
