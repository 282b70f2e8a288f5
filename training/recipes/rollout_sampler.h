// Samples a step's rollouts: prompts, completions, verdicts and rewards; with dynamic sampling, again and
// again until enough groups have something to teach.
#pragma once

#include <cstdint>
#include <optional>

#include "training/recipes/judge_model.h"
#include "training/recipes/rollouts.h"

namespace retort {

/// What sampling cost, however much of it was trained on.
struct SamplingCost {
    double generationSeconds = 0, rewardSeconds = 0;
    std::int64_t batches = 0, groups = 0;
    std::int64_t generatedTokens = 0;  ///< of completions; prompts are not generated
    double accuracy = 0;               ///< of all completions, kept or not
};

class RolloutSampler {
  public:
    /// The references must outlive the sampler. Throws Error where the fixed prompts are those of a history
    /// that says nothing (prompt_history.h).
    RolloutSampler(TrainerParts& parts, RunSession& session, const RolloutSettings& settings,
                   const RewardComposer& composer);

    /// A batch of `batch` (0, 1 …) of the step; absent when a stop came first. What is drawn and sampled is a
    /// function of (seed, step, batch), so a resumed run samples the same. `generator` holds the policy's
    /// weights.
    std::optional<Rollouts> sample(std::int64_t step, std::int64_t batch, std::int64_t maxLength,
                                   SamplingCost& cost);

    /// Dynamic sampling (DAPO's filter_groups; with accuracy bounds: #64): batches until `prompts_per_step`
    /// groups pass the filter, at most max_num_gen_batches of them. Fewer groups where that was not enough;
    /// throws Error when no group at all passed.
    std::optional<Rollouts> sampleFiltered(const GrpoSettings& filter, std::int64_t step,
                                           std::int64_t maxLength, SamplingCost& cost);

  private:
    Rollouts draw(std::uint64_t first) const;
    void judgeAndReward(Rollouts& rollouts, std::vector<Completion> completions, std::int64_t step) const;

    TrainerParts& m_parts;
    RunSession& m_session;
    const RolloutSettings& m_settings;
    const RewardComposer& m_composer;
    RewardJudges m_judges;
    DataMixture m_mixture;
    std::vector<std::uint64_t> m_fixedPrompts;  ///< their numbers; empty: every prompt is another one
};

/// Which groups teach something. By metric "reward": those whose rewards differ; "accuracy": those with some
/// but not all completions right, and a share of right ones within [filter_accuracy_min,
/// filter_accuracy_max].
std::vector<bool> informativeGroups(const Rollouts& rollouts, const GrpoSettings& filter);

/// Refuses (alarm and Error) a start policy that succeeds less often than `minimum`. `section` is the
/// recipe's.
void checkStartPolicy(RunSession& session, double accuracy, double minimum, const std::string& section);

/// The longest completion at a step: stages share the run's steps evenly.
std::int64_t completionLengthAt(const GrpoSettings& settings, std::int64_t step, std::int64_t maxSteps);

}  // namespace retort
