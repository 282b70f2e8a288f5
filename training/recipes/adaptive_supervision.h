// SASR (#66): supervised steps among those of reinforcement learning, as often as the two gradients' norms
// ask for.
#pragma once

#include <cstdint>
#include <optional>

#include "core/util/json.h"
#include "training/recipes/recipe.h"
#include "training/recipes/token_sequence.h"

namespace retort {

class AdaptiveSupervision {
  public:
    /// `gamma` weighs the norm of the RL gradient, `examples` is the number of worked examples in a
    /// supervised step.
    AdaptiveSupervision(TrainerParts& parts, RunSession& session, double gamma, std::int64_t examples);

    /// Chance of a supervised step: |g_sft| / (|g_sft| + gamma · |g_rl|), of the last steps of either kind; 1
    /// until there was a supervised step, then 0 until there was one of RL.
    double probability() const;
    /// Drawn by the step's number and the run's seed alone.
    bool isSupervised(std::int64_t step) const;

    /// One update on worked examples.
    StepReport learn(std::int64_t step);
    /// To be told of the RL steps' metrics.
    void noteReinforcement(const Metrics& metrics);

    Json state() const;
    void restore(const Json& state);

  private:
    std::vector<TokenSequence> draw(std::int64_t step, std::int64_t& tokens) const;

    TrainerParts& m_parts;
    RunSession& m_session;
    double m_gamma;
    std::int64_t m_examples;
    DataMixture m_mixture;
    std::optional<double> m_supervisedNorm, m_reinforcedNorm;
};

}  // namespace retort
