// Losses on pairs of a chosen and a rejected completion, and on completions with a label, as TRL's DPO, CPO
// (SimPO), ORPO and KTO trainers define them (algorithms.md a.5), and REDI's second stage (methods.md #127).
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "core/config/run_config.h"
#include "training/tensor.h"

namespace retort {

/// The completions of P pairs. All tensors have P entries and one floating type.
struct PairScores {
    torch::Tensor chosen, rejected;  ///< Σ log-probability of the completion's tokens; with gradients
    torch::Tensor chosenLengths, rejectedLengths;  ///< tokens
    /// The same sums under the reference; undefined for losses without one.
    torch::Tensor referenceChosen{}, referenceRejected{};
    /// orpo: Σ log-probability and tokens of prompt and chosen completion together.
    torch::Tensor chosenTexts{}, chosenTextLengths{};
};

/// What the micro-batches of one optimizer step share, so that their split does not change the gradient.
struct PairTotals {
    double pairs = 0, chosenTokens = 0, chosenTextTokens = 0;
};

struct PreferenceLoss {
    torch::Tensor loss;  ///< of this micro-batch; those of a step add up
    /// Implicit rewards, one a pair (KTO: one a completion of that label); no gradient.
    torch::Tensor chosenRewards, rejectedRewards;
    /// Metrics of the method's own, each a sum over the micro-batch's share of the step.
    std::vector<std::pair<std::string, double>> metrics;
};

/// Σ weight · mean loss over dpo.loss_type. Throws Error for an unknown one.
PreferenceLoss dpoLoss(const DpoSettings& settings, const PairScores& pairs, const PairTotals& totals);
/// CPO's loss_type "simpo" on mean log-probabilities, with its cross entropy term.
PreferenceLoss simpoLoss(const SimpoSettings& settings, const PairScores& pairs, const PairTotals& totals);
/// The cross entropy of prompt and chosen completion, less beta · log σ(log odds ratio).
PreferenceLoss orpoLoss(const OrpoSettings& settings, const PairScores& pairs, const PairTotals& totals);
/// -c_w · log π(y_w)/|y_w| + c_l · log π(y_l)/|y_l|.
PreferenceLoss rediLoss(const RediSettings& settings, const PairScores& pairs, const PairTotals& totals);

/// Completions that are good or bad by themselves.
struct LabelledScores {
    torch::Tensor chosen, rejected;  ///< Σ log-probability; of the good and of the bad ones
    torch::Tensor referenceChosen, referenceRejected;  ///< the same under the reference
    /// log π - log π_ref of completions under prompts that are not theirs: from them the KL is estimated.
    torch::Tensor mismatched;
};

/// 1 - σ(β(Δ - kl)) for good and 1 - σ(β(kl - Δ)) for bad completions, with kl = max(mean(mismatched), 0);
/// apo_zero_unpaired has no kl. `completions`: of the whole step. The metric "kl" is the micro-batch's.
PreferenceLoss ktoLoss(const KtoSettings& settings, const LabelledScores& scores, double completions);

}  // namespace retort
