// PPO's critic: a score model with an optimizer of its own.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "training/recipes/policy_batch.h"
#include "training/recipes/score_model.h"

namespace retort {

/// What a value update showed, summed over its batches.
struct ValueSums {
    double loss = 0, clipped = 0, tokens = 0;
};

/// A completion's batch with what its values are trained on; one entry a completion token.
struct ValueBatch {
    const PolicyBatch* batch = nullptr;
    torch::Tensor oldValues, returns;
};

class ValueModel {
  public:
    /// From ppo.value_from, else from the policy's own weights with a new head.
    explicit ValueModel(const TrainerParts& parts);

    /// Values of the states before each completion token; no gradients.
    torch::Tensor values(const PolicyBatch& batch) const;
    /// Adds the gradient of `weight` · value loss; `tokens`: of the whole optimizer step.
    void backward(const ValueBatch& batch, double weight, double clipRange, double tokens, ValueSums& sums);
    /// Returns the gradient's norm; when that is not finite, nothing is changed. The ranks' gradients add up.
    double step(double learningRate);

    void save(const std::filesystem::path& folder) const;
    void restore(const std::filesystem::path& folder);

  private:
    static ScoreModel openModel(const TrainerParts& parts);
    void open(ScoreModel model);
    void sumGradients();

    const TrainerParts& m_parts;
    AdamWSettings m_settings;
    ScoreModel m_model;
    std::unique_ptr<AdamW> m_optimizer;
};

}  // namespace retort
