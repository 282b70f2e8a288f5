// The policy-gradient losses of the GRPO family (algorithms.md a.1), over packed tokens.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/config/run_config.h"
#include "training/objectives/kl.h"
#include "training/tensor.h"

namespace retort {

/// The token loss and how token losses are summed to one number (TRL's loss_type).
enum class LossType {
    Grpo,    ///< mean over completions of their token mean
    Bnpo,    ///< mean over the tokens of this micro-batch
    DrGrpo,  ///< sum / (completions × max_completion_length): no bias by length
    Dapo,    ///< mean over the tokens of the whole optimizer step
    Cispo,  ///< as Dapo, with -sg(min(ρ, ε_high))·A·log π as token loss: clipped tokens keep their gradient
    Sapo,   ///< as Grpo, with the smooth gate 4/τ·σ(τ(ρ - 1)) in place of the clipped ratio
    Luspo,  ///< mean over completions of the sequence's loss times its length (needs sequence level)
};
LossType lossTypeFrom(const std::string& name);  ///< TRL's names; throws Error

/// Level of the probability ratio: a token's own, or the geometric mean over its completion (GSPO).
enum class RatioLevel { Token, Sequence };
RatioLevel ratioLevelFrom(const std::string& name);  ///< "token", "sequence"; throws Error

struct PolicyLossSettings {
    LossType lossType = LossType::Dapo;
    KlEstimator klEstimator = KlEstimator::K3;
    double epsilonLow = 0.2, epsilonHigh = 0.2;
    double beta = 0;
    std::int64_t maxCompletionLength = 0;  ///< dr_grpo only
    RatioLevel level = RatioLevel::Token;
    double delta = 0;  ///< upper bound of the unclipped ratio; 0: none
    double sapoTemperaturePos = 1, sapoTemperatureNeg = 1.05;
    double topEntropyQuantile = 1;      ///< share of the tokens, by entropy, that bear the policy loss
    double offPolicyMaskThreshold = 0;  ///< see offPolicyMask; 0: none
    bool useBiasCorrectionKl = false;   ///< the KL is multiplied by the ratio

    static PolicyLossSettings from(const GrpoSettings& settings);
};

/// What the micro-batches of one optimizer step share.
struct StepTotals {
    double completions = 0;   ///< in all micro-batches
    double tokens = 0;        ///< completion tokens in all micro-batches
    double microBatches = 1;  ///< bnpo averages over micro-batches, each with its own token count
    double batchTokens =
        -1;  ///< that one's, where only a rank's share of it is weighed; negative: it is whole
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
    torch::Tensor referenceLogprobs;  ///< under the reference; undefined: no KL term
    torch::Tensor advantages;
    torch::Tensor weights;  ///< of tokenWeights()
    std::vector<std::int64_t>
        lengths;              ///< tokens of each completion; only where completions are looked at whole
    torch::Tensor entropies;  ///< only for topEntropyQuantile < 1
};

struct PolicyLoss {
    torch::Tensor loss;  ///< with the KL term
    double policy = 0;   ///< without it
    double klSum = 0;    ///< Σ of the estimate over tokens
    /// Tokens whose ratio was below 1 - ε_low with a negative advantage, above 1 + ε_high with a positive
    /// one (cispo: above ε_high).
    double clippedLow = 0, clippedHigh = 0;
    double tokens = 0;
    /// A token each, no gradients; undefined without old log-probabilities (then every ratio is 1).
    torch::Tensor ratios, clipped;  ///< clipped: -1 low, 1 high, 0 not
};

/// Σ weight · (L_t + β·kl_t), L_t by loss type; see algorithms.md a.1 for each.
PolicyLoss policyLoss(const PolicyLossSettings& settings, const PolicyTokens& tokens);

/// DeepSeek-V3.2's mask: 0 for the tokens of completions with a negative advantage that the policy has left
/// behind, mean(old - logprob) > threshold; else 1. Such completions are off-policy noise.
torch::Tensor offPolicyMask(const PolicyTokens& tokens, double threshold);

}  // namespace retort
