// AdaMerging (methods.md #73; Yang et al. 2024, arXiv:2310.02575): the coefficients of task arithmetic, per
// task or per task and group of weights, are learned by Adam. What is minimised is the entropy of the merged
// model's answers to unlabelled prompts, or, by default, since language models can make their entropy small
// by repeating themselves, the cross entropy of a small calibration set. No graph goes through the merge:
// ∂L/∂λ = ⟨∂L/∂θ, τ⟩.
#pragma once

#include <cstdint>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

#include "training/merging/search/ada_merging_settings.h"
#include "training/search/calibration.h"
#include "training/search/merge_evaluator.h"

namespace retort {

struct AdaMergingStep {
    std::int64_t step = 0;             ///< 1 …
    double objective = 0;              ///< mean over the tasks, before the step's update
    std::vector<double> coefficients;  ///< after it
};

struct AdaMergingOutcome {
    std::vector<double> coefficients;  ///< of the space: group by group, in it model by model
    std::vector<double> objectives;    ///< of each step
    bool stopped = false;
};

/// ∂L/∂λ for each group and model (ordered as MergeSpace orders weights) from L's gradient by the merged
/// weights.
std::vector<double> coefficientGradients(const MergeParents& parents, const MergeSpace& space,
                                         const torch::Tensor& flatGradient);

/// Mean over the tasks of the mean entropy or cross entropy a target; differentiable. `sequences[t]`: of task
/// t.
torch::Tensor adaMergingLoss(CausalLM& model, const std::vector<std::vector<TokenSequence>>& sequences,
                             const std::string& objective);

/// `space`: task_arithmetic, without densities; its groups say whether the coefficients are task-wise (one
/// group) or layer-wise (layerGroups(), tensorGroups()). The evaluator's model ends as the merge that was
/// found. `onStep` may be empty. Throws Error for settings that make no sense, and when the objective is not
/// finite.
AdaMergingOutcome adaMerge(MergeEvaluator& evaluator, const MergeSpace& space,
                           const AdaMergingSettings& settings,
                           const std::function<void(const AdaMergingStep&)>& onStep = {},
                           std::stop_token stop = {});

}  // namespace retort
