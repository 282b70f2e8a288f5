// A decoder with a linear head that gives numbers for each token instead of a distribution over the next:
// values of states, rewards, verdicts on steps.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "training/engine/adamw.h"
#include "training/engine/process_group.h"
#include "training/model/causal_lm.h"

namespace retort {

/// The linear layer [labels × hidden] and its bias, with their own AdamW. Kept in a folder's
/// score.safetensors, the moments in score_optimizer.safetensors.
class ScoreHead {
  public:
    /// New weights from `seed`: normal with deviation 1/√(hidden + 1), as TRL starts reward heads; the bias
    /// 0.
    ScoreHead(std::int64_t labels, std::int64_t hidden, std::uint64_t seed);
    static ScoreHead load(const std::filesystem::path& folder, std::int64_t hidden);
    /// How many numbers a token the head in a folder gives.
    static std::int64_t labelsIn(const std::filesystem::path& folder);
    void save(const std::filesystem::path& folder) const;

    std::int64_t labels() const { return m_weight.size(0); }
    /// [N, labels] from final hidden states [N, hidden]; differentiable.
    torch::Tensor operator()(const torch::Tensor& hidden) const;

    /// Adds the other ranks' gradients, before step(); collective.
    void sumGradients(ProcessGroup& group);
    /// One AdamW update; its gradient is clipped by itself. Returns the norm before; when that is not finite,
    /// nothing is changed.
    double step(double learningRate, double maxGradNorm, const AdamWSettings& settings);
    void saveOptimizer(const std::filesystem::path& folder) const;
    void loadOptimizer(const std::filesystem::path& folder);

  private:
    ScoreHead(torch::Tensor weight, torch::Tensor bias);

    torch::Tensor m_weight, m_bias;
    torch::Tensor m_averages[2], m_squares[2];  ///< of weight and bias
    std::int64_t m_steps = 0;
};

/// Whether a checkpoint folder holds a score model.
bool isScoreModel(const std::filesystem::path& folder);

struct ScoreModel {
    std::shared_ptr<CausalLM> backbone;
    ScoreHead head;

    /// Throws Error when the folder holds no score model of `labels` numbers a token.
    static ScoreModel load(const std::filesystem::path& folder, std::int64_t labels);
    void save(const std::filesystem::path& folder) const;
    /// [M, labels] of the positions with a target, in order.
    torch::Tensor scores(const PackedBatch& batch) const;
};

}  // namespace retort
